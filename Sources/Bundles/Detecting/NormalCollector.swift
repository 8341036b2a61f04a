import Decoders
import Faults

/// Gathers the rows of a normal period from a recording as it is read.
///
/// Rows up to the end of the period are kept: those of it are learned from, and all are judged afterwards, except those
/// that were learned from.
struct NormalCollector {
  let period: NormalPeriod
  let settings: DetectorSettings
  private let path: String
  private let channels: [Channel]
  /// Seconds of the period's ends; nil for one by rows.
  private let times: ClosedRange<Double>?
  /// `[row, channel]` of the period.
  private var values: [Float] = []
  private var first: Int?, last: Int?
  /// Everything read so far.
  private(set) var blocks: [Series] = []
  /// Whether a row beyond the period was met.
  private(set) var isComplete = false

  /// - Throws: `BundleError` for times of a recording that has none, or that cannot be read.
  init(_ period: NormalPeriod, settings: DetectorSettings, header: SensorHeader, path: String) throws {
    (self.period, self.settings, self.path, channels) = (period, settings, path, header.channels)
    guard case .times(let from, let to) = period else {
      times = nil
      return
    }
    guard header.timeChannel != nil else {
      throw BundleError(
        path: path, reason: "--normal names times, but the recording has no time column.",
        remedy: "Name the period by its rows, as in --normal 1..400.")
    }
    let ends = try [from, to].map { text in
      guard let seconds = header.seconds(ofTime: text) else {
        throw BundleError(
          path: path,
          reason: "“\(text)” in --normal is no time as “\(header.timeChannel ?? "")” writes them.",
          remedy: "Write it as in the file, or as 2024-03-01T00:00; rows are whole numbers, as in 1..400.")
      }
      return seconds
    }
    guard ends[0] <= ends[1] else {
      throw BundleError(
        path: path, reason: "The period \(period.text) of --normal ends before it begins.",
        remedy: "Write the earlier time first.")
    }
    times = ends[0]...ends[1]
  }

  /// Takes the next rows of the recording.
  mutating func take(_ block: Series) {
    blocks.append(block)
    let width = channels.count
    for place in 0..<block.count {
      switch position(place, block) {
      case .inside:
        values += block.values[place * width..<(place + 1) * width]
        first = first ?? block.rows[place]
        last = block.rows[place]
      case .beyond: isComplete = true
      case .before: break
      }
    }
    // The last row of a stream may be the last of the period; nothing more need be waited for.
    if case .rows(let rows) = period, let latest = block.rows.last, latest >= rows.upperBound {
      isComplete = true
    }
  }

  private enum Position { case before, inside, beyond }

  private func position(_ place: Int, _ block: Series) -> Position {
    switch period {
    case .rows(let rows):
      return block.rows[place] < rows.lowerBound
        ? .before : rows.contains(block.rows[place]) ? .inside : .beyond
    case .times:
      guard let times, let time = block.time?[place], time.isFinite else { return .before }
      return time < times.lowerBound ? .before : times.contains(time) ? .inside : .beyond
    }
  }

  /// Learns from what was gathered.
  /// - Returns: the detector, and the rows that it learned from.
  /// - Throws: `BundleError` for a period without a row, and for one that nothing can be learned from.
  func learned() throws -> (detector: NormalDetector, rows: ClosedRange<Int>) {
    guard let first, let last else {
      let ends = blocks.first.flatMap { block in
        blocks.last.map { "rows \(block.rows.first ?? 0) to \($0.rows.last ?? 0)" + times(block, $0) }
      }
      throw BundleError(
        path: path,
        reason: "The normal period (\(period.text)) holds no row of the recording, which has "
          + "\(ends ?? "no rows").",
        remedy: "Name another period with --normal.")
    }
    do {
      return (try NormalDetector(values, channels: channels, settings: settings), first...last)
    } catch let error as DetectionError {
      throw BundleError(path: path, reason: error.reason, remedy: error.remedy)
    }
  }

  private func times(_ first: Series, _ last: Series) -> String {
    guard let from = first.timeText?.first, let to = last.timeText?.last else { return "" }
    return ", \(from) to \(to)"
  }
}
