/// Follows the level of sensors that wander while nothing is wrong, such as a tank that warms up all day.
///
/// Of such a sensor only the deviation from its own recent course says anything. The course is an exponential mean that
/// each row moves by a share of its deviation, which is bounded so that a fault does not become normal at once.
public struct LevelTracker: Sendable, Codable, Equatable {
  /// Share of a deviation by which a row moves the level.
  public let rate: Double
  /// Of each channel: the deviation that counts as usual; nil for channels whose level stands.
  public let deviations: [Double?]
  /// Of each channel; 0 before its first value and for channels whose level stands.
  public private(set) var levels: [Double]
  private var counts: [Int]

  /// Usual deviations by which one row may count at most.
  private static let bound = 3.0
  /// Rows after which a level that began anew is worth something.
  static let settling = 25

  /// - Parameter deviations: nil for channels whose level stands.
  public init(rate: Double, deviations: [Double?]) {
    (self.rate, self.deviations) = (rate, deviations)
    levels = deviations.map { _ in 0 }
    counts = deviations.map { _ in 0 }
  }

  /// Whether any level moves.
  public var isNeeded: Bool { deviations.contains { $0 != nil } }

  /// Tells the levels that hold for a row, from the rows before it, and takes the row up into them.
  /// - Parameter row: one value a channel; what is not finite moves nothing.
  /// - Returns: one level a channel, 0 where none moves.
  public mutating func take(_ row: some Collection<Float>) -> [Double] {
    // The first value is its own level: a recording may begin anywhere.
    for (channel, value) in row.enumerated() where counts[channel] == 0 {
      guard deviations[channel] != nil, value.isFinite else { continue }
      levels[channel] = Double(value)
    }
    let before = levels
    for (channel, value) in row.enumerated() {
      guard let usual = deviations[channel], value.isFinite else { continue }
      counts[channel] += 1
      // A plain mean at first, so that the first value does not count for longer than the others.
      let share = max(rate, 1 / Double(counts[channel]))
      let deviation = Double(value) - levels[channel]
      let limit = LevelTracker.bound * usual
      levels[channel] += share * max(-limit, min(limit, deviation))
    }
    return before
  }
}

extension LevelTracker {
  /// The level of a channel is followed if that leaves less than this share of the squared errors of a mean that
  /// stands, each fifth of the rows told from those before. On quiet runs of a pump whose water warms up this takes
  /// the warming sensors, and none of Tennessee Eastman's.
  private static let gain = 0.6

  /// Finds the channels whose level wanders.
  /// - Parameter values: `[row, channel]` of normal operation, NaN where missing.
  static func learned(_ values: [Float], channels: Int, rate: Double) -> LevelTracker {
    let rows = values.count / channels
    let deviations: [Double?] = (0..<channels).map { channel in
      guard rate > 0 else { return nil }
      let column = Swift.stride(from: channel, to: values.count, by: channels).map { values[$0] }
      return wandering(column, rows: rows, rate: rate)
    }
    return LevelTracker(rate: rate, deviations: deviations)
  }

  /// The usual deviation of a channel from its level where it wanders, otherwise nil.
  private static func wandering(_ column: [Float], rows: Int, rate: Double) -> Double? {
    let spread = deviation(column.filter(\.isFinite).map(Double.init))
    guard spread > 0, rows >= 5 * settling else { return nil }
    let residuals = followed(column, rate: rate, usual: spread)
    var (standing, moving) = (0.0, 0.0)
    for fifth in 1..<5 {
      let (start, end) = (fifth * rows / 5, (fifth + 1) * rows / 5)
      let before = column[..<start].filter(\.isFinite)
      guard !before.isEmpty else { continue }
      let mean = before.reduce(0) { $0 + Double($1) } / Double(before.count)
      for row in start..<end where column[row].isFinite {
        standing += (Double(column[row]) - mean) * (Double(column[row]) - mean)
        moving += residuals[row] * residuals[row]
      }
    }
    guard moving < gain * standing else { return nil }
    let usual = deviation(residuals.dropFirst(settling).filter(\.isFinite))
    return usual > 0 ? usual : nil
  }

  /// Deviations of a channel from its level; NaN where missing.
  private static func followed(_ column: [Float], rate: Double, usual: Double) -> [Double] {
    var tracker = LevelTracker(rate: rate, deviations: [usual])
    return column.map { value in Double(value) - tracker.take([value])[0] }
  }

  private static func deviation(_ values: some Collection<Double>) -> Double {
    guard !values.isEmpty else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}
