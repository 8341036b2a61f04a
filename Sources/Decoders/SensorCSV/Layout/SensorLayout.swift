/// How the columns of a file are to be taken. Saved beside a followed file, so that a restart takes them alike.
struct SensorLayout: Codable, Equatable, Sendable {
  enum Role: Codable, Equatable, Sendable {
    /// Place in the output row.
    case channel(Int)
    case time, clock
    case text
    /// Known, but not asked for.
    case other
    /// An unnamed column without any value, as a separator at the line's end makes it.
    case void
  }

  struct Column: Codable, Equatable, Sendable {
    /// Without unit, and different from all others.
    var name: String
    /// As in the header; nil without one.
    var written: String?
    var unit: String?
    /// As in the units row, where there is one.
    var writtenUnit: String?
    var role: Role
  }

  var separator: UInt8
  var decimal: UInt8
  var hasHeader: Bool
  var hasUnitsRow: Bool
  /// In file order.
  var columns: [Column]
  var time: TimeFormat?
  var preamble: [String] = []

  /// In output order.
  var channels: [Channel] {
    var found: [(Int, Channel)] = []
    for column in columns {
      if case .channel(let slot) = column.role {
        found.append((slot, Channel(name: column.name, unit: column.unit)))
      }
    }
    return found.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Values of a row of the file in the kernel's terms.
  var slots: [Int32] {
    columns.map {
      switch $0.role {
      case .channel(let slot): Int32(slot)
      case .time: -2
      case .clock: -3
      case .text, .other, .void: -1
      }
    }
  }

  var hasClock: Bool { columns.contains { $0.role == .clock } }

  func header(isCompressed: Bool) -> SensorHeader {
    func names(_ role: Role) -> [String] { columns.filter { $0.role == role }.map(\.name) }
    let timeNames = names(.time) + names(.clock)
    let format: String? =
      switch time {
      case nil: nil
      case .number(let scale): scale == 1 ? "number" : "epoch"
      case .iso: "iso8601"
      case .dayFirst: "dd/mm/yyyy"
      case .monthFirst: "mm/dd/yyyy"
      case .clock: "hh:mm:ss"
      }
    return SensorHeader(
      channels: channels, timeChannel: timeNames.isEmpty ? nil : timeNames.joined(separator: " "),
      timeFormat: format, separator: Character(Unicode.Scalar(separator)),
      decimal: Character(Unicode.Scalar(decimal)), hasHeader: hasHeader, hasUnitsRow: hasUnitsRow,
      textColumns: names(.text), otherColumns: names(.other), preamble: preamble, isCompressed: isCompressed,
      columnCount: columns.count)
  }

  /// What a row that is no data row turns out to be.
  enum Repeated: Equatable {
    case header(SensorLayout)
    case units
  }

  /// Recognises a header that stands again inside a file or at the top of its successor, its columns perhaps in
  /// another order, and the row of units below it.
  func repeated(_ cells: [String]) -> Repeated? {
    guard hasHeader else { return nil }
    if hasUnitsRow, cells.count >= columns.count,
      zip(columns, cells).allSatisfy({ $0.writtenUnit ?? "" == $1 })
    {
      return .units
    }
    let cells = cells.count == columns.count + 1 && cells.last == "" ? cells.dropLast() : cells[...]
    guard cells.count == columns.count else { return nil }
    if zip(columns, cells).allSatisfy({ $0.written == $1 }) { return .header(self) }
    var rest = columns
    var reordered: [Column] = []
    for cell in cells {
      guard let index = rest.firstIndex(where: { $0.written == cell }) else { return nil }
      reordered.append(rest.remove(at: index))
    }
    var layout = self
    layout.columns = reordered
    return .header(layout)
  }
}
