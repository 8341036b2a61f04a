/// One sensor column of a recording.
public struct Channel: Sendable, Hashable, Codable {
  /// As in the header without its unit, or `column N` (1-based) where there is no header.
  public var name: String
  /// As written in the header, such as `°C` of `Temperature [°C]`.
  public var unit: String?

  /// - Parameter unit: as the header writes it; nil where it names none.
  public init(name: String, unit: String? = nil) { (self.name, self.unit) = (name, unit) }
}

/// Rows of a sensor recording, in file order.
public struct Series: Sendable, Equatable {
  /// The measured columns, in file order.
  public var channels: [Channel]
  /// `[row, channel]`, row-major; NaN where a value is missing.
  public var values: [Float]
  /// Seconds for each row (since 1970 for dates, as written for plain numbers; NaN where unreadable), or nil
  /// without a time column.
  public var time: [Double]?
  /// The time cells as written, for results; nil without a time column.
  public var timeText: [String]?
  /// The 1-based data row in the file of each row here. Rows that could not be read are left out, so that
  /// numbers may skip.
  public var rows: [Int]

  /// - Parameter values: row after row, `[rows, channels]`.
  public init(
    channels: [Channel], values: [Float], time: [Double]? = nil, timeText: [String]? = nil, rows: [Int]
  ) {
    (self.channels, self.values, self.time, self.timeText, self.rows) =
      (channels, values, time, timeText, rows)
    precondition(values.count == rows.count * channels.count)
  }

  /// Number of rows.
  public var count: Int { rows.count }
}
