/// A window as a moment of an event: its last row.
public struct EventMoment: Sendable, Equatable, Codable {
  /// The last data row of the window, 1 being the first of the file.
  public var row: Int
  /// The time cell of that row as written; nil without a time column.
  public var time: String?

  /// - Parameter row: 1 being the first of the file.
  public init(row: Int, time: String? = nil) { (self.row, self.time) = (row, time) }

  /// A time as written, with a blank instead of the T of ISO 8601.
  public static func readable(_ time: String) -> String {
    let bytes = Array(time.utf8)
    guard bytes.count > 11, bytes[10] == UInt8(ascii: "T"), bytes[4] == UInt8(ascii: "-"),
      bytes[..<10].allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) })
    else { return time }
    return time.prefix(10) + " " + time.dropFirst(11)
  }

  /// For a sentence.
  var words: String { time.map { "\(EventMoment.readable($0)) (row \(row))" } ?? "row \(row)" }
}
