/// Reads lines of separated numbers, with a header above them, from an earlier message or from the user.
struct CSVPayload {
  /// Names and what parts them.
  struct Header: Codable, Equatable {
    var names: [String]
    /// Nil where the user named the columns: lines tell what parts them.
    var separator: UInt8?
  }

  private static let separators: [UInt8] = [",", ";", "\t", "|"].map { (text: Unicode.Scalar) in
    UInt8(text.value)
  }

  /// - Parameter header: known so far; another one in the payload takes its place.
  /// - Returns: rows; none for a header alone.
  /// - Throws: `PayloadProblem` with the byte of the first line that cannot be read.
  static func rows(
    _ bytes: UnsafeBufferPointer<UInt8>, header: inout Header?
  ) throws(PayloadProblem) -> [PayloadRow] {
    var rows: [PayloadRow] = []
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      let next = end + 1
      if end > start, bytes[end - 1] == 0x0D { end -= 1 }
      let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        let separator = header?.separator ?? separator(line, count: header?.names.count)
        let fields = fields(line, separator)
        if isHeader(fields, line) {
          header = Header(
            names: fields.map { ColumnNames.split($0.text(in: line)).name }, separator: separator)
        } else {
          rows.append(try row(line, fields, start, separator, header))
        }
      }
      start = next
    }
    return rows
  }

  private static func row(
    _ line: UnsafeBufferPointer<UInt8>, _ fields: [FieldSpan], _ start: Int, _ separator: UInt8,
    _ header: Header?
  ) throws(PayloadProblem) -> PayloadRow {
    guard let header else {
      throw PayloadProblem(
        byte: start,
        reason: "The columns of this line are not known: no header came, and --columns names none.")
    }
    guard fields.count == header.names.count else {
      throw PayloadProblem(
        byte: start, reason: "The line has \(fields.count) fields instead of \(header.names.count).")
    }
    let decimal = separator == UInt8(ascii: ",") ? UInt8(ascii: ".") : decimal(fields, line)
    var row = PayloadRow()
    row.byte = start
    for (name, field) in zip(header.names, fields) {
      let cell = UnsafeBufferPointer(rebasing: line[field.start..<field.end])
      if decimal == UInt8(ascii: ","), !PayloadRow.isTime(name),
        let value = PayloadRow.number(cell, decimal: decimal)
      {
        row.values.append((name, value))
      } else {
        row.add(name, cell, byte: start + field.start)
      }
    }
    return row
  }

  /// A comma where some field is a number only with it.
  private static func decimal(_ fields: [FieldSpan], _ line: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let comma = fields.contains { field in
      let cell = UnsafeBufferPointer(rebasing: line[field.start..<field.end])
      return cell.contains(UInt8(ascii: ",")) && PayloadRow.number(cell) == nil
        && PayloadRow.number(cell, decimal: UInt8(ascii: ",")) != nil
    }
    return UInt8(ascii: comma ? "," : ".")
  }

  private static func fields(_ line: UnsafeBufferPointer<UInt8>, _ separator: UInt8) -> [FieldSpan] {
    var spans: [FieldSpan] = []
    _ = RecordScanner(separator: separator, trims: true).scan(line, from: 0, last: true, into: &spans)
    return spans
  }

  /// What makes as many fields as there are names, or the most.
  private static func separator(_ line: UnsafeBufferPointer<UInt8>, count: Int?) -> UInt8 {
    let found = separators.map { separator in (separator, fields(line, separator).count) }
    if let count, let match = found.first(where: { $0.1 == count }) { return match.0 }
    return found.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
  }

  private static func isHeader(_ fields: [FieldSpan], _ line: UnsafeBufferPointer<UInt8>) -> Bool {
    fields.count > 0
      && fields.allSatisfy { field in
        let cell = UnsafeBufferPointer(rebasing: line[field.start..<field.end])
        return !cell.isEmpty && CellKinds.understands(cell) == false
      }
  }
}
