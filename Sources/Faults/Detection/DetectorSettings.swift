/// What a user may want to change of a detector that learns normal operation.
public struct DetectorSettings: Sendable, Codable, Equatable {
  /// Share of normal rows that may alarm. One in a hundred is what the literature compares detectors at.
  public var falseAlarms = 0.01
  /// Rows of the longest mean that is looked at beside the row itself; a quarter of it is the third look. Means show
  /// lasting shifts too small for a single row; on the training faults of Tennessee Eastman 16 rows found 0.762 of the
  /// rows, one row alone 0.737, 64 rows 0.766 with half as many false alarms again on drifting pumps.
  public var window = 16
  /// Which distances count. On the training faults of Tennessee Eastman at the same stated rate the distance alone found
  /// 0.768, T2 and Q 0.625; all three together 0.733, and with more false alarms.
  public var statistics: [DetectionStatistic] = [.distance]
  /// Least variance of a component in the distance, where a sensor has 1; below lies rounding and chance.
  public var floor = 0.01
  /// Share of a sensor's deviation by which the level moves a row, for sensors whose level wanders; 0: no level moves.
  /// A hundred rows: faster ones follow faults, slower ones lag behind a plant that warms up.
  public var levelRate = 0.01

  /// The values that validation chose.
  public init() {}

  /// Numbers of rows whose means are looked at, rising: 1, a quarter of the window, the window.
  public var scales: [Int] { Array(Set([1, max(1, window / 4), window])).sorted() }

  /// Blocks into which the normal period is cut to hold rows out, where it is long enough.
  static let blocks = 5
  /// The least normal period, in windows: two blocks of two windows.
  static let leastWindows = 4

  /// What is wrong with the values, one sentence each.
  public var problems: [String] {
    var found: [String] = []
    if !(falseAlarms > 0 && falseAlarms <= 0.5) {
      found.append("The rate of false alarms (\(falseAlarms)) must lie above 0 and be at most 0.5.")
    }
    if !(1...4096).contains(window) { found.append("The window (\(window)) must have 1 to 4096 rows.") }
    if statistics.isEmpty { found.append("At least one statistic must count.") }
    if !(floor > 0 && floor <= 1) { found.append("The floor (\(floor)) must lie above 0 and be at most 1.") }
    if !(levelRate >= 0 && levelRate <= 0.5) {
      found.append("The rate of levels (\(levelRate)) must lie between 0 and 0.5.")
    }
    return found
  }
}
