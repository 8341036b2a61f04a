/// What the markers before the first scan of a JPEG file say.
struct JPEGLayout {
  static let remedy = "Export or copy the picture again."

  var process = JPEGProcess.baseline
  /// Bits a sample.
  var precision = 0
  var width = 0
  var height = 0
  var components: [Component] = []
  var orientation = Orientation.upright
  /// The transform flag of Adobe's APP14: 0 none, 1 YCbCr, 2 YCCK.
  var adobeTransform: UInt8?
  var jfif = false
  var profile = false
  /// Where the first scan starts.
  var scanOffset = 0

  /// One colour component: its id and sampling factors.
  struct Component {
    var id: UInt8
    var horizontal: Int
    var vertical: Int
  }

  /// - Throws: `malformed`, `truncated` and `unsupported` with the offset of the marker, `tooLarge`.
  init(_ bytes: [UInt8], file: String, maximumPixels: Int) throws(DecodingError) {
    var markers = try JPEGMarkers(bytes, file: file)
    while let segment = try markers.next() {
      let content = segment.content
      switch segment.marker {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        guard components.isEmpty else { throw segment.malformed("There is a second frame header.") }
        try readFrame(segment, maximumPixels)
      case 0xE0 where content.starts(with: Array("JFIF\0".utf8)): jfif = true
      case 0xE1 where content.starts(with: Array("Exif\0\0".utf8)):
        if let found = Orientation(exif: content.dropFirst(6)) { orientation = found }
      case 0xE2 where content.starts(with: Array("ICC_PROFILE\0".utf8)): profile = true
      case 0xEE where content.count >= 12 && content.starts(with: Array("Adobe".utf8)):
        adobeTransform = content[content.startIndex + 11]
      case 0xDA:
        guard !components.isEmpty else { throw segment.malformed("A scan starts before any frame header.") }
        scanOffset = segment.offset
        try checkLength(segment, size: bytes.count)
        return
      default: break
      }
    }
    throw DecodingError(
      .malformed, file: file, place: .byte(markers.offset), reason: "The file ends without any image data.",
      remedy: Self.remedy)
  }

  private mutating func readFrame(_ segment: JPEGSegment, _ maximumPixels: Int) throws(DecodingError) {
    let content = Array(segment.content)
    guard content.count >= 6, content.count == 6 + 3 * Int(content[5]) else {
      throw segment.malformed("The frame header has a wrong length.")
    }
    guard let process = JPEGProcess(marker: segment.marker) else {
      throw segment.unsupported("This JPEG is coded hierarchically or by arithmetic lossless coding.")
    }
    self.process = process
    precision = Int(content[0])
    height = Int(content[1]) << 8 | Int(content[2])
    width = Int(content[3]) << 8 | Int(content[4])
    components = (0..<Int(content[5])).map {
      Component(
        id: content[6 + 3 * $0], horizontal: Int(content[7 + 3 * $0] >> 4),
        vertical: Int(content[7 + 3 * $0] & 15))
    }
    guard width > 0, !components.isEmpty else {
      throw segment.malformed("The picture has no width or no colour.")
    }
    guard height > 0 else {
      throw segment.unsupported("The height stands behind the image data (DNL), or is 0.")
    }
    guard components.allSatisfy({ (1...4).contains($0.horizontal) && (1...4).contains($0.vertical) }) else {
      throw segment.malformed("A sampling factor is outside 1 to 4.")
    }
    guard width <= maximumPixels / height else {
      throw DecodingError(
        .tooLarge, file: segment.file, place: .byte(segment.offset),
        reason: "The picture has \(width) x \(height) pixels, more than the limit of \(maximumPixels).",
        remedy: "Cut or scale it down first.")
    }
    try checkKind(segment)
  }

  private func checkKind(_ segment: JPEGSegment) throws(DecodingError) {
    switch (process, precision) {
    case (.lossless, 2...16), (.extended, 12), (.progressive, 12):
      guard components.count == 1 || components.count == 3 else {
        throw segment.unsupported(
          "JPEG of \(precision) bits with \(components.count) colour components is not read.")
      }
    case (.lossless, _): throw segment.malformed("Lossless JPEG has 2 to 16 bits a sample, not \(precision).")
    case (_, 8):
      guard [1, 3, 4].contains(components.count) else {
        throw segment.unsupported("JPEG with \(components.count) colour components is not read.")
      }
    case (.arithmetic, 12), (.arithmeticProgressive, 12):
      throw segment.unsupported("Arithmetic coding with 12 bits a sample is not read.")
    default: throw segment.malformed("\(precision) bits a sample do not go with \(process.rawValue) JPEG.")
    }
  }

  /// Every 8 x 8 block (and every lossless sample) of a Huffman-coded picture takes a bit at least, so that a header
  /// that promises far more than the file can hold is refused before memory is taken for it.
  private func checkLength(_ scan: JPEGSegment, size: Int) throws(DecodingError) {
    guard process.huffman else { return }
    let across = components.map(\.horizontal).max() ?? 1
    let down = components.map(\.vertical).max() ?? 1
    let side = process == .lossless ? 1 : 8
    var units = 0
    for component in components {
      let columns = (width * component.horizontal).dividedUp(by: across * side)
      units += columns * (height * component.vertical).dividedUp(by: down * side)
    }
    guard (size - scan.offset) * 8 >= units else {
      throw DecodingError(
        .truncated, file: scan.file, place: .byte(size),
        reason:
          "\(size - scan.offset) bytes cannot hold the \(width) x \(height) pixels that the header promises.",
        remedy: Self.remedy)
    }
  }

  /// The colour model of the stored samples, told as libjpeg tells it.
  var colourModel: String {
    switch components.count {
    case 1: return "grey"
    case 4: return adobeTransform == 2 ? "YCCK" : "CMYK"
    default:
      if jfif { return "YCbCr" }
      if let adobeTransform { return adobeTransform == 0 ? "RGB" : "YCbCr" }
      if process == .lossless { return "RGB" }
      return components.map(\.id) == Array("RGB".utf8) ? "RGB" : "YCbCr"
    }
  }

  var metadata: Metadata {
    var metadata: Metadata = [
      "bitDepth": .integer(precision), "coding": .string(process.rawValue), "colour": .string(colourModel),
    ]
    if components.count > 1 {
      metadata["sampling"] = .string(
        components.map { "\($0.horizontal)x\($0.vertical)" }.joined(separator: ","))
    }
    if orientation != .upright { metadata["orientation"] = .integer(orientation.rawValue) }
    if profile { metadata["iccProfile"] = .bool(true) }
    return metadata
  }
}

extension Int {
  /// The quotient of two positive numbers, rounded up.
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
