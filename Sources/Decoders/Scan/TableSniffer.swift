/// Tells whether text is a table of readings: rows of as many cells, some of them numbers.
struct TableSniffer {
  private static let delimiters = Array(",;\t|".utf8)
  private static let maximumRows = 200

  private let isText: Bool
  private let rows: [ArraySlice<UInt8>]

  init(_ head: [UInt8], whole: Bool) {
    let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    // Any encoding that keeps ASCII will do; control characters do not stand in text.
    isText = text.allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) }
    var rows = text.split(maxSplits: Self.maximumRows, whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    // The last part is the uncut rest, or a row that may go on.
    if rows.count > Self.maximumRows || (!whole && rows.count > 1) { rows.removeLast() }
    self.rows = rows.filter { $0.first != UInt8(ascii: "#") && $0.contains { $0 != 0x20 } }
  }

  /// - Parameter name: where it ends in `.csv` or `.tsv`, any text passes, so that the reader of tables can say what
  ///   is wrong with it.
  func isTable(named name: String) -> Bool {
    guard isText, let first = rows.first?.first(where: { $0 != 0x20 }) else { return false }
    let name = name.lowercased()
    if name.hasSuffix(".csv") || name.hasSuffix(".tsv") { return true }
    guard !"{[<".utf8.contains(first) else { return false }
    return Self.delimiters.contains { splitsEvenly($0) } || isColumn
  }

  private func splitsEvenly(_ delimiter: UInt8) -> Bool {
    var counts: [Int: Int] = [:]
    var number = false
    for row in rows {
      let cells = Self.cells(row, delimiter)
      counts[cells.count, default: 0] += 1
      number = number || (cells.count > 1 && cells.contains(where: Self.isNumber))
    }
    guard number, let usual = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
      return false
    }
    return usual.key > 1 && usual.value * 10 >= rows.count * 6
  }

  /// One column of numbers, with or without a header.
  private var isColumn: Bool {
    let values = rows.dropFirst()
    return values.count >= 2 && values.count { Self.isNumber($0) } * 10 >= values.count * 8
  }

  private static func cells(_ row: ArraySlice<UInt8>, _ delimiter: UInt8) -> [ArraySlice<UInt8>] {
    var quoted = false
    return row.split(omittingEmptySubsequences: false) { byte in
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      return byte == delimiter && !quoted
    }
  }

  /// A number or a date: starts with a digit after an optional sign or quote, and holds no word.
  private static func isNumber(_ cell: ArraySlice<UInt8>) -> Bool {
    let cell = cell.drop { "\" +-.".utf8.contains($0) }
    guard let first = cell.first, (0x30...0x39).contains(first) else { return false }
    return cell.allSatisfy { (0x20...0x3A).contains($0) || "eETZ".utf8.contains($0) }
  }
}
