/// A chunk of a PNG file, without its content.
struct PNGChunk {
  var file: String
  /// Of the length field, from the start of the file.
  var offset: Int
  var length: Int
  /// Four letters.
  var name: String

  func malformed(_ reason: String) -> DecodingError {
    DecodingError(.malformed, file: file, place: .byte(offset), reason: reason, remedy: PNGChunks.remedy)
  }
}

/// Walks over the chunks of a PNG file without reading their content.
struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  static let remedy = "Export or copy the picture again."
  // More than any writer makes, and few enough that walking over them takes no time worth telling.
  private static let limit = 1 << 20

  private let input: InputFile
  /// Of the next chunk.
  private(set) var offset = 8
  /// Chunks so far.
  private(set) var count = 0
  /// Why the walk ended before IEND, if it did.
  private(set) var truncation: String?
  private var ended = false

  init(_ input: InputFile) throws(DecodingError) {
    self.input = input
    let head = try input.bytes(at: 0, count: 8)
    guard head == Self.signature else {
      let short = head.count < 8 && head == Array(Self.signature.prefix(head.count))
      throw DecodingError(
        short ? .truncated : .malformed, file: input.path, place: .byte(short ? head.count : 0),
        reason: short
          ? "The file ends in the signature of PNG." : "The file does not start as a PNG file does.",
        remedy: Self.remedy)
    }
  }

  /// The next chunk; nil after IEND, and where the file ends before (`truncation` then says so). The last chunk may
  /// reach beyond the end of the file.
  mutating func next() throws(DecodingError) -> PNGChunk? {
    guard !ended else { return nil }
    let head = try input.bytes(at: offset, count: 8)
    guard head.count == 8 else {
      (ended, truncation) = (true, "The file ends before its last chunk (IEND).")
      return nil
    }
    let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
    let letters = head[4...]
    guard letters.allSatisfy({ (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }),
      length <= 0x7FFF_FFFF
    else {
      throw DecodingError(
        .malformed, file: input.path, place: .byte(offset), reason: "There is no chunk of a PNG file here.",
        remedy: Self.remedy)
    }
    let chunk = PNGChunk(
      file: input.path, offset: offset, length: length, name: String(decoding: letters, as: UTF8.self))
    count += 1
    guard count <= Self.limit else { throw chunk.malformed("The file has more than \(Self.limit) chunks.") }
    if chunk.name == "IEND" {
      ended = true
    } else if offset + length + 12 > input.size {
      (ended, truncation) = (true, "The file ends inside the chunk \(chunk.name).")
    } else {
      offset += length + 12
    }
    return chunk
  }

  /// The content of `chunk`, at most `limit` bytes of it.
  func content(_ chunk: PNGChunk, limit: Int) throws(DecodingError) -> [UInt8] {
    try input.bytes(at: chunk.offset + 8, count: min(chunk.length, limit))
  }

  /// Checks the sum of a short chunk that the pixels depend on but that libpng would pass over.
  func verify(_ chunk: PNGChunk) throws(DecodingError) {
    guard chunk.length <= 256 else { throw chunk.malformed("The chunk \(chunk.name) is too long.") }
    let bytes = try input.bytes(at: chunk.offset + 4, count: chunk.length + 8)
    guard bytes.count == chunk.length + 8 else { return }
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes.dropLast(4) {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    guard ~sum == bytes.suffix(4).reduce(0, { $0 << 8 | UInt32($1) }) else {
      throw chunk.malformed("The chunk \(chunk.name) does not match its check sum.")
    }
  }
}
