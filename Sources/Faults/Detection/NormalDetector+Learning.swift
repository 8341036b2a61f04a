import Decoders

extension NormalDetector {
  /// Learns normal operation from rows of it.
  ///
  /// The period is cut into blocks; each is scored by a model that knows the others, a window apart, since neighbours are
  /// alike. This is done with blocks as many as the period allows and with two halves, which must be told from each
  /// other as the future from the past; the stricter limit counts, so that a plant that drifts slowly does not alarm
  /// for it. Models of fewer rows put fresh rows farther out; what that makes under normal distributions is taken off.
  /// The limit is the finite-sample quantile of the greatest look, so that all looks together keep the stated rate.
  /// - Parameters:
  ///   - values: `[row, channel]` in their order, NaN where missing.
  ///   - channels: of the recording.
  /// - Throws: `DetectionError` for too few rows, or none that moves.
  public init(_ values: [Float], channels: [Channel], settings: DetectorSettings) throws {
    let width = channels.count, rows = width == 0 ? 0 : values.count / width
    guard width > 0 else {
      throw DetectionError(
        reason: "There is no column of numbers to learn from.", remedy: "Name a recording of sensors.")
    }
    let least = max(24, DetectorSettings.leastWindows * settings.window)
    guard rows >= least else {
      throw DetectionError(
        reason:
          "The normal period has \(rows) rows; at least \(least) are needed with means of \(settings.window) rows.",
        remedy: "Give a longer period, or a shorter mean with --detector-window.")
    }
    let tracker = LevelTracker.learned(values, channels: width, rate: settings.levelRate)
    let (watched, still) = NormalDetector.watched(values, channels)
    guard !watched.isEmpty else {
      throw DetectionError(
        reason: "No sensor moves in the normal period, or all are mostly missing.",
        remedy: "Give a period in which the machine runs.")
    }
    let rowsUsed = NormalDetector.rows(values, width, watched, tracker)
    let size = watched.count
    let model = NormalModel(rowsUsed, size: size, floor: settings.floor)
    let count = rowsUsed.count / size
    guard count >= least else {
      throw DetectionError(
        reason:
          "Only \(count) rows of the normal period have values of most sensors; at least \(least) are needed.",
        remedy: "Give a longer period, or one in which the sensors gave values.")
    }
    let cuts = Set([2, max(2, min(DetectorSettings.blocks, count / (3 * settings.window)))]).sorted()
    let trials = cuts.map { HeldOutScores(rowsUsed, model: model, settings: settings, blocks: $0) }
    let looks = HeldOutScores.kinds(settings).enumerated().map { place, kind in
      Look(
        statistic: kind.statistic, rows: kind.rows,
        scale: max(
          1e-9, trials.map { HeldOutTail.limit($0.scores[place], rate: settings.falseAlarms) }.max() ?? 1))
    }
    let joined = trials.map { trial in
      (0..<trial.count).map { row in looks.indices.map { trial.scores[$0][row] / looks[$0].scale }.max() ?? 0
      }
    }
    let limits = joined.map { HeldOutTail.limit($0, rate: settings.falseAlarms) }
    let strictest = limits.indices.max { limits[$0] < limits[$1] } ?? 0
    let limit = max(1e-9, limits[strictest])
    let wandering = tracker.deviations.indices.filter { tracker.deviations[$0] != nil }
    self.init(
      settings: settings, channels: channels, watched: watched, tracker: tracker, model: model, looks: looks,
      limit: limit, tail: HeldOutTail(joined[strictest].map { $0 / limit }), rows: rows,
      notes: LearningNotes(settings: settings, scores: joined[strictest], size: size, rows: count).sentences
        + LearningNotes.sentences(still: still, wandering: wandering.map { channels[$0].name }))
  }

  /// Channels that move and are there in at least half of the rows, and the names of the others.
  private static func watched(_ values: [Float], _ channels: [Channel]) -> ([Int], [String]) {
    let rows = values.count / channels.count
    let places = channels.indices.filter { channel in
      let column = stride(from: channel, to: values.count, by: channels.count).map { values[$0] }
        .filter(\.isFinite)
      guard 2 * column.count >= rows, let low = column.min(), let high = column.max() else { return false }
      // Steps of single precision are no movement.
      return high - low > 1e-6 * max(abs(low), abs(high))
    }
    let left = Set(places)
    return (places, channels.indices.filter { !left.contains($0) }.map { channels[$0].name })
  }

  /// `[row, watched]`: deviations from the levels, without rows of which more than half is missing and without those in
  /// which levels settle.
  private static func rows(
    _ values: [Float], _ width: Int, _ watched: [Int], _ tracker: LevelTracker
  ) -> [Double] {
    var tracker = tracker
    var out: [Double] = []
    for row in 0..<values.count / width {
      let own = values[row * width..<(row + 1) * width]
      let levels = tracker.isNeeded ? tracker.take(own) : []
      if tracker.isNeeded && row < LevelTracker.settling { continue }
      let point = watched.map { Double(own[own.startIndex + $0]) - (levels.isEmpty ? 0 : levels[$0]) }
      if 2 * point.count(where: { !$0.isFinite }) <= point.count { out += point }
    }
    return out
  }
}
