/// Reads payloads of all kinds and remembers headers: of each topic its own, of the others the latest that came alone.
struct PayloadReader: Codable, Equatable {
  private var headers: [String: CSVPayload.Header] = [:]
  private var common: CSVPayload.Header?

  /// - Parameter columns: names that the user gave; a header takes their place.
  init(columns: [String]?) {
    common = columns.map { CSVPayload.Header(names: $0, separator: nil) }
  }

  /// Longer payloads are no rows of sensors.
  static let longest = 4 << 20

  /// - Returns: rows; one with an empty name for a number alone, none for a header alone.
  mutating func rows(_ message: Message) throws(PayloadProblem) -> [PayloadRow] {
    guard message.payload.count <= Self.longest else {
      throw PayloadProblem(byte: Self.longest, reason: "The payload has more than \(Self.longest) bytes.")
    }
    var found: Result<[PayloadRow], PayloadProblem> = .success([])
    message.payload.withUnsafeBufferPointer { bytes in
      do throws(PayloadProblem) {
        found = .success(try read(bytes, message.topic))
      } catch {
        found = .failure(error)
      }
    }
    return try found.get()
  }

  private mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ topic: String
  ) throws(PayloadProblem) -> [PayloadRow] {
    guard let first = bytes.first(where: { $0 > 0x20 }) else {
      throw PayloadProblem(byte: 0, reason: "The payload is empty.")
    }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try JSONPayload.rows(bytes) }
    let start = bytes.firstIndex { $0 > 0x20 } ?? 0, end = (bytes.lastIndex { $0 > 0x20 } ?? start) + 1
    let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
    if headers[topic] == nil, (common?.names.count ?? 2) > 1, let value = PayloadRow.number(text),
      !text.contains(0x0A)
    {
      return [PayloadRow(values: [("", value)], byte: start)]
    }
    var header = headers[topic] ?? common
    let before = header
    let rows = try CSVPayload.rows(bytes, header: &header)
    if header != before {
      headers[topic] = header
      if rows.isEmpty { common = header }
    }
    return rows
  }
}
