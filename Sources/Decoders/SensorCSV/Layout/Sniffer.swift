import CSensorCSV

/// Finds out how a file is written from its first bytes: separator, decimal mark, header, units, the kind of
/// every column and which one tells the time.
struct Sniffer {
  static let maximumRows = 400

  let file: String
  let bytes: UnsafeBufferPointer<UInt8>
  /// Whether `bytes` is the whole file.
  let isComplete: Bool
  let options: SensorOptions
  /// Takes a header without rows, as a file has that is only just being written.
  var allowsHeaderOnly = false

  struct Result {
    var layout: SensorLayout
    /// Bytes before the first data row.
    var dataStart: Int
  }

  func run() throws(DecodingError) -> Result {
    var start = try checkBytes()
    var forced: UInt8?
    if let (separator, next) = separatorLine(start) { (forced, start) = (separator, next) }
    let samples = (forced.map { [$0] } ?? Array(",;\t|".utf8)).map {
      Sample(self, separator: $0, from: start)
    }
    // The first of the best: a plain comma where nothing speaks for another.
    guard var sample = samples.first else { throw refusal("There is nothing to read.") }
    for other in samples.dropFirst() where other.score > sample.score + 1e-9 { sample = other }
    guard sample.rows.count > 0 else {
      throw refusal("There is no complete row in the first \(bytes.count) bytes.")
    }
    return try LayoutBuilder(sniffer: self, sample: sample).build()
  }

  /// The offset of the first byte of text, after a byte-order mark.
  private func checkBytes() throws(DecodingError) -> Int {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DecodingError(
        .unsupported, file: file, reason: "The file is written in UTF-16.",
        remedy: "Save it as “CSV UTF-8”.")
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var controls = 0, blanks = 0
    for byte in bytes[start...] {
      if byte == 0 {
        throw DecodingError(
          .unknownFormat, file: file, reason: "The file is binary: zero bytes stand in it.",
          remedy: "Export the recording as CSV.")
      }
      if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { blanks += 1 } else if byte < 0x20 { controls += 1 }
    }
    if controls * 100 > bytes.count - start {
      throw DecodingError(
        .unknownFormat, file: file,
        reason: "The file is binary: \(controls) control characters stand at its start.",
        remedy: "Export the recording as CSV.")
    }
    guard blanks < bytes.count - start else {
      throw DecodingError(
        .malformed, file: file, reason: "The file is empty.", remedy: "Export the recording again.")
    }
    if !bytes.contains(0x0A), bytes.contains(0x0D) {
      throw DecodingError(
        .unsupported, file: file, reason: "The lines end with a carriage return alone.",
        remedy: "Save the file with LF or CRLF line ends.")
    }
    return start
  }

  /// `sep=;`, which Excel writes and reads as the first line.
  private func separatorLine(_ start: Int) -> (separator: UInt8, next: Int)? {
    let line = bytes[start...].prefix { $0 != 0x0A }
    let text = line.last == 0x0D ? line.dropLast() : line
    guard text.count == 5, text.starts(with: "sep=".utf8), let separator = text.last,
      ",;\t|".utf8.contains(separator), start + line.count < bytes.count
    else { return nil }
    return (separator, start + line.count + 1)
  }

  func refusal(_ reason: String, _ remedy: String = "Name a CSV file with one row of numbers a line.")
    -> DecodingError
  {
    DecodingError(.malformed, file: file, reason: reason, remedy: remedy)
  }
}

extension Sniffer {
  /// The first rows, split at one separator.
  struct Sample {
    struct Row {
      var fields: [FieldSpan]
      var start: Int, next: Int
    }

    let separator: UInt8
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the text starts.
    let start: Int
    var rows: [Row] = []
    /// The field count of most rows.
    private(set) var width = 0
    /// How well the separator explains the rows: 0 to 1, a little more for more columns.
    private(set) var score = 0.0

    init(_ sniffer: Sniffer, separator: UInt8, from start: Int) {
      (self.separator, bytes, self.start) = (separator, sniffer.bytes, start)
      let scanner = RecordScanner(separator: separator, trims: true)
      var position = start, fields: [FieldSpan] = []
      scan: while position < bytes.count, rows.count < Sniffer.maximumRows {
        switch scanner.scan(bytes, from: position, last: sniffer.isComplete, into: &fields) {
        case .record(let next, _):
          if fields.count > 1 || !fields[0].isEmpty {
            rows.append(Row(fields: fields, start: position, next: next))
          }
          position = next
        case .badQuote(let next, _): position = next
        case .needsMore: break scan
        }
      }
      measure()
    }

    func cell(_ field: FieldSpan) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
    }

    func text(_ field: FieldSpan) -> String { field.text(in: bytes).trimming() }

    /// Whether a header of `count` names stands over rows that all end with a separator.
    private func isShort(_ count: Int) -> Bool {
      count == width - 1
        && rows.dropFirst().allSatisfy { $0.fields.count != width || $0.fields[width - 1].isEmpty }
    }

    private mutating func measure() {
      guard !rows.isEmpty else { return }
      // A field more than that which is always empty belongs to a separator at the line's end.
      var counts: [Int: Int] = [:]
      for row in rows { counts[row.fields.count, default: 0] += 1 }
      width = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
      // Names with a comma among them make commas below separators, not decimal marks.
      let firstCell = cell(rows[0].fields[0])
      let refusesCommas =
        width == 1 && firstCell.contains(UInt8(ascii: ",")) && CellKinds.understands(firstCell) == false
      var fitting = 0, understood = 0, cells = 0
      for (index, row) in rows.enumerated() {
        let extra = row.fields.count == width + 1 && row.fields[width].isEmpty
        if row.fields.count == width || extra || (index == 0 && isShort(row.fields.count)) { fitting += 1 }
        if index == 0 && rows.count > 1 { continue }
        guard index < 64 else { continue }
        for field in row.fields {
          let cell = cell(field)
          guard let isUnderstood = CellKinds.understands(cell) else { continue }
          cells += 1
          if isUnderstood, !(refusesCommas && cell.contains(UInt8(ascii: ","))) { understood += 1 }
        }
      }
      let share = cells == 0 ? 0 : Double(understood) / Double(cells)
      let fit = Double(fitting) / Double(rows.count)
      score = fit * (share + 0.05)
      if width > 1 {
        // Several columns speak for the separator; a first row of another width speaks against it.
        let first = rows[0].fields.count
        score +=
          0.1 + 1e-5 * Double(min(width, 500))
          - (first == width || isShort(first) || first == width + 1 ? 0 : 0.2)
      }
    }
  }
}

extension FieldSpan {
  var isEmpty: Bool { start == end }
}
