import Decoders

/// Tells rows that are unlike normal operation, known from a period of it.
public struct NormalDetector: Sendable, Codable, Equatable {
  /// One look at the readings: a statistic of the mean of some rows, and what it is measured by.
  public struct Look: Sendable, Codable, Equatable {
    /// What is computed.
    public let statistic: DetectionStatistic
    /// Of the mean of so many rows, the latest among them.
    public let rows: Int
    /// What normal rows rarely exceed.
    public let scale: Double
  }

  /// What is said of the latest row of a window.
  public struct Verdict: Sendable, Equatable {
    /// Over the limit: 1 and less is normal.
    public var score: Double
    /// Share of held-out normal rows that are at least as far out.
    public var share: Double
    /// The look that showed the most.
    public var look: Look
    /// Of every channel, in the order of `channels`; they add up to 1, or are all 0.
    public var contributions: [Double]

    /// Whether the row is unlike normal operation.
    public var isUnlike: Bool { score > 1 }
  }

  /// How it was to be learned.
  public let settings: DetectorSettings
  /// Of the recording that it learned from.
  public let channels: [Channel]
  /// Places among `channels` of those that are watched; the others stood still or were mostly missing.
  public let watched: [Int]
  /// Levels of all channels, as they stand at the start of a recording.
  public let tracker: LevelTracker
  /// The cloud of normal operation, of the watched channels.
  public let model: NormalModel
  /// What is looked at.
  public let looks: [Look]
  /// The limit of the greatest look.
  public let limit: Double
  /// Held-out normal rows.
  public let tail: HeldOutTail
  /// Rows that it was learned from.
  public let rows: Int
  /// What the user should know, one sentence each.
  public let notes: [String]

  /// Rows of a window.
  public var window: Int { settings.window }

  /// Judges the latest row of a window.
  /// - Parameters:
  ///   - values: `[row, channel]`, `window` rows; NaN where missing.
  ///   - levels: of the same places, as `tracker` tells them; empty where no level moves.
  /// - Returns: nil where the latest row lacks more than half of the watched channels.
  public func judge(_ values: [Float], levels: [Float] = []) -> Verdict? {
    let width = channels.count
    let points: [[Double]?] = (0..<values.count / width).map { row in
      point(
        watched.map {
          Double(values[row * width + $0]) - Double(levels.isEmpty ? 0 : levels[row * width + $0])
        })
    }
    guard let latest = points.last, latest != nil else { return nil }
    var best: (score: Double, look: Look, mean: [Double])?
    for rows in Set(looks.map(\.rows)).sorted() {
      let mean = NormalDetector.mean(points.suffix(rows).compactMap { $0 })
      let scores = model.scores(mean)
      for look in looks where look.rows == rows {
        let score = Double(rows) * model.value(look.statistic, scores) / look.scale
        if score > best?.score ?? -1 { best = (score, look, mean) }
      }
    }
    guard let best else { return nil }
    let parts = model.contributions(best.look.statistic, of: best.mean)
    let sum = parts.reduce(0, +)
    var shares = [Double](repeating: 0, count: width)
    if sum > 0, sum.isFinite { for (place, part) in zip(watched, parts) { shares[place] = part / sum } }
    let score = best.score / limit
    return Verdict(
      score: score, share: tail.share(reaching: score), look: best.look, contributions: shares)
  }

  /// A row of the watched channels, standardised and without gaps; nil where more than half is missing.
  private func point(_ row: [Double]) -> [Double]? {
    guard 2 * row.count(where: { !$0.isFinite }) <= row.count else { return nil }
    var row = row
    model.standardise(&row)
    model.fill(&row)
    return row
  }

  static func mean(_ points: [[Double]]) -> [Double] {
    guard let first = points.first else { return [] }
    if points.count == 1 { return first }
    var sum = first
    for point in points.dropFirst() { for place in sum.indices { sum[place] += point[place] } }
    return sum.map { $0 / Double(points.count) }
  }

  /// Whether the parts fit together, as after reading from a file.
  public var isSound: Bool {
    let size = watched.count
    let numbers = model.means + model.variances + model.components
    return settings.problems.isEmpty && size > 0 && model.size == size
      && tracker.deviations.count == channels.count
      && Set(watched).count == size && watched.allSatisfy(channels.indices.contains)
      && model.means.count == size && model.deviations.count == size && model.variances.count == size
      && model.components.count == size * size && (1...size).contains(model.principal)
      && model.deviations.allSatisfy { $0 > 0 && $0.isFinite } && numbers.allSatisfy(\.isFinite)
      && !looks.isEmpty && looks.allSatisfy { $0.scale > 0 && (1...settings.window).contains($0.rows) }
      && limit > 0 && limit.isFinite && tail.isSound
  }
}
