/// How messages are to become rows.
public struct MessageOptions: Sendable {
  /// Names of the columns of lines that come without a header.
  public var columns: [String]?
  /// Seconds from one row to the next where each message brings a part of a row; nil for a row for each time.
  public var every: Double?
  /// Names of the sensors that are looked for, one list for each kind of recording; where the messages have half of a
  /// list, rows have all of it. Empty: what comes first is taken.
  public var expected: [[String]] = []
  /// How long to wait, from the first message on, for sensors that have not told a value yet. Five seconds: most plants
  /// send every second.
  public var patience = Duration.seconds(5)

  /// Whole rows, or a row for each time.
  public init() {}
}
