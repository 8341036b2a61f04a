/// What is known of a sensor CSV before its first row is handed out.
public struct SensorHeader: Sendable, Equatable {
  /// The columns of numbers, in the order of `Series.values`.
  public var channels: [Channel]
  /// The column that tells the time (two names where a date and a clock column are joined), or nil.
  public var timeChannel: String?
  /// `iso8601`, `dd/mm/yyyy`, `mm/dd/yyyy`, `hh:mm:ss`, `epoch` or `number`; nil without a time column.
  public var timeFormat: String?
  /// What parts the fields of a row.
  public var separator: Character
  /// The decimal mark, a point or a comma.
  public var decimal: Character
  /// Whether the first row holds names; otherwise channels are called `column N`.
  public var hasHeader: Bool
  /// Whether a row of units stands below the names.
  public var hasUnitsRow: Bool
  /// Columns that hold text in nearly all of the first rows; they are left out of the channels.
  public var textColumns: [String]
  /// Columns that hold dates but were not chosen as the time, or that were not asked for.
  public var otherColumns: [String]
  /// Lines above the names that are no rows, such as the name of a device.
  public var preamble: [String]
  /// Whether the file is a gzip stream.
  public var isCompressed: Bool

  /// Columns in the file, of every kind.
  public var columnCount: Int
}

/// The rows of a file that could not be read.
public struct RefusedRows: Sendable, Equatable {
  /// How many rows could not be read.
  public var count = 0
  /// The first of them; the place is the data row, 1 being the first, and the column in the file.
  public var examples: [DecodingError] = []

  /// No refused row yet.
  public init() {}

  mutating func add(_ error: DecodingError, limit: Int) {
    count += 1
    if examples.count < limit { examples.append(error) }
  }
}
