import Foundation

/// The JSON header of a safetensors file, checked against the length of the data behind it.
struct SafetensorsHeader: Sendable {
  /// Where one tensor lies; `begin` and `end` count from the start of the data.
  struct Entry: Sendable, Decodable {
    var dtype: String
    var shape: [Int]
    var begin: Int
    var end: Int

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      dtype = try fields.decode(String.self, forKey: .dtype)
      shape = try fields.decode([Int].self, forKey: .shape)
      let offsets = try fields.decode([Int].self, forKey: .offsets)
      guard offsets.count == 2 else {
        throw Swift.DecodingError.dataCorruptedError(
          forKey: .offsets, in: fields, debugDescription: "data_offsets holds \(offsets.count) numbers")
      }
      (begin, end) = (offsets[0], offsets[1])
    }
  }

  /// The reference implementation's limit; a longer header is an attack or a broken length field.
  static let largestHeader = 100_000_000

  var entries: [String: Entry]
  var metadata: [String: String]

  /// Parses the header and checks that the tensors fill `dataBytes` without gap or overlap.
  /// - Parameters:
  ///   - json: the header's bytes, without the length field.
  ///   - dataBytes: bytes between the header and the end of the file.
  ///   - path: named in errors.
  init(json: Data, dataBytes: Int, path: String) throws(SafetensorsError) {
    let document: Document
    do {
      guard json.first == UInt8(ascii: "{") else {
        throw HeaderFault(text: "the header does not begin with {")
      }
      document = try JSONDecoder().decode(Document.self, from: json)
    } catch {
      throw SafetensorsError(
        .malformed, path: path, place: .byte(8),
        reason: "The header is not the JSON of a safetensors file: \(Self.explain(error)).",
        remedy: "Check that this is a safetensors file; if it is, copy or download it again.")
    }
    (entries, metadata) = (document.entries, document.metadata)
    for (name, entry) in entries { try Self.checkSize(name, entry, path) }
    try checkLayout(dataBytes: dataBytes, path)
  }

  /// Shape, type and offsets of one tensor agree with one another.
  private static func checkSize(_ name: String, _ entry: Entry, _ path: String) throws(SafetensorsError) {
    func malformed(_ reason: String) -> SafetensorsError {
      SafetensorsError(
        .malformed, path: path, place: .tensor(name), reason: reason, remedy: SafetensorsError.copyAgain)
    }
    guard entry.begin >= 0, entry.end >= entry.begin else {
      throw malformed("The offsets \(entry.begin) to \(entry.end) are negative or run backwards.")
    }
    // The types that this reader does not know keep the place that the header gives them.
    var bytes = SafetensorsElement(rawValue: entry.dtype)?.size
    for extent in entry.shape {
      guard extent >= 0 else { throw malformed("The shape \(entry.shape) has a negative extent.") }
      guard let (product, overflow) = bytes?.multipliedReportingOverflow(by: extent) else { continue }
      guard !overflow else { throw malformed("The shape \(entry.shape) is larger than any memory.") }
      bytes = product
    }
    if let bytes, bytes != entry.end - entry.begin {
      throw malformed(
        "The offsets hold \(entry.end - entry.begin) bytes where shape \(entry.shape) of \(entry.dtype) takes \(bytes)."
      )
    }
  }

  /// The format allows neither gaps nor overlaps, so that no byte is hidden or read twice.
  private func checkLayout(dataBytes: Int, _ path: String) throws(SafetensorsError) {
    var expected = 0
    for (name, entry) in entries.sorted(by: {
      ($0.value.begin, $0.value.end) < ($1.value.begin, $1.value.end)
    }) {
      guard entry.end <= dataBytes else {
        throw SafetensorsError(
          .truncated, path: path, place: .tensor(name),
          reason: "Its data ends at byte \(entry.end) of the data, of which the file has \(dataBytes).",
          remedy: SafetensorsError.copyAgain)
      }
      guard entry.begin == expected else {
        throw SafetensorsError(
          .malformed, path: path, place: .tensor(name),
          reason: entry.begin < expected
            ? "Its data begins at byte \(entry.begin), inside the tensor that ends at byte \(expected)."
            : "The bytes \(expected) to \(entry.begin) of the data belong to no tensor.",
          remedy: "Save the file again with a current safetensors library.")
      }
      expected = entry.end
    }
    guard expected == dataBytes else {
      throw SafetensorsError(
        .malformed, path: path,
        reason: "The last \(dataBytes - expected) bytes of the file belong to no tensor.",
        remedy: SafetensorsError.copyAgain)
    }
  }

  private static func explain(_ error: any Error) -> String {
    switch error {
    case let fault as HeaderFault: fault.text
    case Swift.DecodingError.keyNotFound(let key, let context):
      "\(place(context.codingPath)) has no \(key.stringValue)"
    case Swift.DecodingError.typeMismatch(_, let context), Swift.DecodingError.valueNotFound(_, let context):
      "\(place(context.codingPath)) has the wrong type"
    case Swift.DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is no valid JSON" : "\(place(context.codingPath)) has a value that cannot be"
    default: "it is no valid JSON"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "the header" : path.map(\.stringValue).joined(separator: ".")
  }

  private struct HeaderFault: Error { var text: String }

  /// One object whose keys are tensor names, but for the one key that holds the metadata.
  private struct Document: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Name.self)
      for key in fields.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try fields.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try fields.decode(Entry.self, forKey: key)
        }
      }
    }
  }
}
