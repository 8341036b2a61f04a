/// How a sensor CSV is to be read.
public struct SensorOptions: Sendable {
  /// Which column tells the time.
  public enum TimeColumn: Sendable, Equatable {
    /// Found by its name and its values.
    case automatic
    /// The column of this name.
    case named(String)
    /// No column is, whatever its name and values.
    case none
  }

  /// Which column is the time.
  public var timeColumn = TimeColumn.automatic
  /// The channels wanted, in this order, whatever the order in the file; other columns are passed over. A file
  /// that lacks one of them is refused. A file without header must have exactly this many number columns. Nil:
  /// every column of numbers, in file order.
  public var channels: [String]?
  /// Whether time cells are kept as written, for results.
  public var keepsTimeText = true
  /// A row with more bytes is refused, so that memory stays bounded.
  public var maximumRowBytes = 4 << 20
  /// How many refused rows are described; all are counted.
  public var maximumExamples = 20

  /// Threads that share the rows of a long file; the rows are the same for any number. A live source has one.
  public var threads = 1

  /// By default the time column is found, all channels are read and the time's text is kept.
  public init(timeColumn: TimeColumn = .automatic, channels: [String]? = nil, keepsTimeText: Bool = true) {
    (self.timeColumn, self.channels, self.keepsTimeText) = (timeColumn, channels, keepsTimeText)
  }
}
