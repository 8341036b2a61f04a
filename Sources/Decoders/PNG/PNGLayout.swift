/// What the chunks of a PNG file say before a pixel is decoded.
struct PNGLayout {
  var width = 0
  var height = 0
  var bitDepth: UInt8 = 0
  var colour = PNGColour.grey
  var interlaced = false
  var paletteCount: Int?
  var transparency = false
  var orientation = Orientation.upright
  /// As in the gAMA chunk; not applied.
  var gamma: Double?
  var profile = false
  /// From pHYs, where it is given in metres.
  var pixelsPerMetre: (Int, Int)?
  /// Frames of an APNG, of which only the still picture is read.
  var animationFrames: Int?

  /// Walks over all chunks: some that matter, such as the orientation, may stand behind the image data.
  /// - Throws: `truncated` and `malformed` with the offset of the chunk at fault, `tooLarge` from `maximumPixels`.
  init(_ input: InputFile, maximumPixels: Int) throws(DecodingError) {
    var walk = try PNGChunks(input)
    var seenData = false
    var dataClosed = false
    while let chunk = try walk.next() {
      if walk.count == 1 {
        try readHeader(chunk, input, maximumPixels)
        continue
      }
      switch chunk.name {
      case "PLTE":
        guard chunk.length % 3 == 0, (3...768).contains(chunk.length) else {
          throw chunk.malformed(
            "The palette (PLTE) has \(chunk.length) bytes, which is no number of colours.")
        }
        paletteCount = chunk.length / 3
      case "tRNS" where !seenData:
        try walk.verify(chunk)
        transparency = true
      case "IDAT":
        guard !dataClosed else {
          throw chunk.malformed("The image data (IDAT) go on after another chunk.")
        }
        guard colour != .palette || paletteCount != nil else {
          throw chunk.malformed("The palette (PLTE) is missing before the image data.")
        }
        seenData = true
        continue
      case "eXIf":
        if let found = Orientation(exif: try walk.content(chunk, limit: 1 << 16)) { orientation = found }
      case "gAMA": gamma = try walk.content(chunk, limit: 4).bigEndian(at: 0).map { Double($0) / 100_000 }
      case "iCCP": profile = true
      case "pHYs":
        let bytes = try walk.content(chunk, limit: 9)
        if bytes.count == 9, bytes[8] == 1, let x = bytes.bigEndian(at: 0), let y = bytes.bigEndian(at: 4) {
          pixelsPerMetre = (x, y)
        }
      case "acTL": animationFrames = try walk.content(chunk, limit: 4).bigEndian(at: 0)
      case "IHDR": throw chunk.malformed("There is a second header (IHDR).")
      default: break
      }
      dataClosed = seenData
    }
    guard seenData else {
      throw DecodingError(
        walk.truncation == nil ? .malformed : .truncated, file: input.path, place: .byte(walk.offset),
        reason: walk.truncation ?? "There is no image data (IDAT) before the end.", remedy: PNGChunks.remedy)
    }
  }

  private mutating func readHeader(_ chunk: PNGChunk, _ input: InputFile, _ maximumPixels: Int)
    throws(DecodingError)
  {
    guard chunk.name == "IHDR", chunk.length == 13 else {
      throw chunk.malformed("The header (IHDR, 13 bytes) is missing at the start.")
    }
    let bytes = try input.bytes(at: chunk.offset + 8, count: 13)
    guard bytes.count == 13, let width = bytes.bigEndian(at: 0), let height = bytes.bigEndian(at: 4) else {
      throw DecodingError(
        .truncated, file: input.path, place: .byte(chunk.offset),
        reason: "The file ends in its header (IHDR).",
        remedy: PNGChunks.remedy)
    }
    guard (1...0x7FFF_FFFF).contains(width), (1...0x7FFF_FFFF).contains(height) else {
      throw chunk.malformed("The size of \(width) x \(height) pixels is outside what PNG allows.")
    }
    guard let colour = PNGColour(rawValue: bytes[9]) else {
      throw chunk.malformed("Colour type \(bytes[9]) does not exist.")
    }
    guard colour.depths.contains(bytes[8]) else {
      throw chunk.malformed("Bit depth \(bytes[8]) does not go with colour type \(bytes[9]).")
    }
    guard bytes[10] == 0, bytes[11] == 0, bytes[12] <= 1 else {
      throw chunk.malformed(
        "Compression \(bytes[10]), filter \(bytes[11]) and interlace \(bytes[12]) are no methods of PNG.")
    }
    guard width <= maximumPixels / height else {
      throw DecodingError(
        .tooLarge, file: input.path, place: .byte(chunk.offset + 8),
        reason: "The picture has \(width) x \(height) pixels, more than the limit of \(maximumPixels).",
        remedy: "Cut or scale it down first.")
    }
    (self.width, self.height, self.bitDepth, self.colour) = (width, height, bytes[8], colour)
    interlaced = bytes[12] == 1
  }

  var metadata: Metadata {
    var metadata: Metadata = [
      "bitDepth": .integer(Int(bitDepth)), "colour": .string("\(colour)"), "interlaced": .bool(interlaced),
    ]
    if let paletteCount { metadata["paletteColours"] = .integer(paletteCount) }
    if transparency { metadata["transparency"] = .bool(true) }
    if orientation != .upright { metadata["orientation"] = .integer(orientation.rawValue) }
    if let gamma { metadata["gamma"] = .number(gamma) }
    if profile { metadata["iccProfile"] = .bool(true) }
    if let (x, y) = pixelsPerMetre { metadata["pixelsPerMetre"] = .list([.integer(x), .integer(y)]) }
    if let animationFrames { metadata["animationFrames"] = .integer(animationFrames) }
    return metadata
  }
}

extension [UInt8] {
  /// The unsigned 32-bit number at `offset`, most significant byte first; nil beyond the end.
  fileprivate func bigEndian(at offset: Int) -> Int? {
    guard offset + 4 <= count else { return nil }
    return self[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
