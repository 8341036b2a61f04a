/// One record of a table of text.
public struct CSVRecord: Sendable, Equatable {
  /// The line of the file in which the record starts, 1 being the first.
  public var line: Int
  /// The fields in file order, without their quotes.
  public var fields: [String]

  /// - Parameter line: 1-based line of the file in which the record starts.
  public init(line: Int, fields: [String]) { (self.line, self.fields) = (line, fields) }
}

/// Reads a table of text record by record as RFC 4180 describes it: quoted fields may hold separators, line ends
/// and doubled quotes. LF and CRLF, a byte-order mark, `.gz` and standard input (`-`) are taken as they come;
/// empty lines are passed over. Fields are handed out as they stand, blanks included.
public struct CSVRecords {
  /// The separator, found from the first line unless it was given.
  public let separator: Character
  private let source: ByteSource
  private let buffer: ByteBuffer
  private let scanner: RecordScanner
  private var fields: [FieldSpan] = []
  private var line = 1
  private var isAtEnd = false

  /// A record with more bytes is refused: a quote that is never closed would swallow the rest of the file.
  private static let maximumRecordBytes = 16 << 20

  /// - Parameter separator: nil takes the one of `,`, `;`, tab and `|` that stands most often in the first line,
  ///   outside quotes.
  /// - Throws: `DecodingError` when the file cannot be opened or holds bytes that no text has.
  public init(path: String, separator: Character? = nil) throws(DecodingError) {
    source = try ByteSource(path: path)
    buffer = ByteBuffer()
    let (source, buffer) = (source, buffer)
    while !isAtEnd, !buffer.bytes.contains(0x0A), buffer.count < Self.maximumRecordBytes {
      isAtEnd = try buffer.fill { room throws(DecodingError) in try source.read(into: room) } == 0
    }
    if buffer.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.drop(3) }
    if buffer.bytes.starts(with: [0xFF, 0xFE]) || buffer.bytes.starts(with: [0xFE, 0xFF]) {
      throw DecodingError(
        .unsupported, file: path, reason: "The file is written in UTF-16.", remedy: "Save it as “CSV UTF-8”.")
    }
    if buffer.bytes.contains(0) {
      throw DecodingError(
        .unknownFormat, file: path, reason: "The file is binary: zero bytes stand in it.",
        remedy: "Name a CSV file.")
    }
    let chosen = separator.flatMap(\.asciiValue) ?? Self.commonest(in: buffer.bytes)
    self.separator = Character(Unicode.Scalar(chosen))
    scanner = RecordScanner(separator: chosen, trims: false)
  }

  /// The next record, or nil after the last.
  /// - Throws: `DecodingError`: `malformed` with the line for a quote that is never closed or is followed by text,
  ///   `truncated` for a gzip stream that ends early, `cancelled`.
  public mutating func next() throws(DecodingError) -> CSVRecord? {
    while true {
      let bytes = buffer.bytes
      if bytes.isEmpty && isAtEnd { return nil }
      switch bytes.isEmpty ? .needsMore : scanner.scan(bytes, from: 0, last: isAtEnd, into: &fields) {
      case .record(let next, let lines):
        let record = CSVRecord(line: line, fields: fields.map { $0.text(in: bytes) })
        buffer.drop(next)
        line += lines
        if fields.count == 1 && fields[0].isEmpty && !fields[0].isQuoted { continue }
        return record
      case .badQuote(_, let field):
        throw DecodingError(
          .malformed, file: source.path, place: .row(line, column: field + 1),
          reason: "A quoted field is never closed, or text follows its closing quote.",
          remedy: "Put the whole field in quotes and double the quotes inside it.")
      case .needsMore:
        guard bytes.count < Self.maximumRecordBytes else {
          throw DecodingError(
            .tooLarge, file: source.path, place: .row(line),
            reason: "The record has more than \(Self.maximumRecordBytes) bytes.",
            remedy: "Look for a quote that is never closed.")
        }
        let source = source
        isAtEnd = try buffer.fill { room throws(DecodingError) in try source.read(into: room) } == 0
      }
    }
  }

  /// The separator that stands most often outside quotes in the first line; a comma where none stands.
  private static func commonest(in bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let candidates = Array(",;\t|".utf8)
    var counts = [Int](repeating: 0, count: candidates.count), isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A { break }
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}
