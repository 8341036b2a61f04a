/// A marker segment of a JPEG file.
struct JPEGSegment {
  var file: String
  /// Of the marker, from the start of the file.
  var offset: Int
  /// The second byte of the marker.
  var marker: UInt8
  /// What follows the length field.
  var content: ArraySlice<UInt8>

  func malformed(_ reason: String) -> DecodingError {
    DecodingError(.malformed, file: file, place: .byte(offset), reason: reason, remedy: JPEGLayout.remedy)
  }

  func unsupported(_ reason: String) -> DecodingError {
    DecodingError(
      .unsupported, file: file, place: .byte(offset), reason: reason,
      remedy: "Convert it to baseline JPEG, or to PNG where no value may change.")
  }
}

/// Walks over the markers of a JPEG file up to its first scan (ITU-T T.81, annex B).
struct JPEGMarkers {
  /// The first bytes of every JPEG file.
  static let start: [UInt8] = [0xFF, 0xD8, 0xFF]

  private let bytes: [UInt8]
  private let file: String
  private(set) var offset = 2

  init(_ bytes: [UInt8], file: String) throws(DecodingError) {
    (self.bytes, self.file) = (bytes, file)
    // The start of image is followed by another marker.
    guard bytes.starts(with: Self.start) else {
      let short = Self.start.starts(with: bytes)
      throw DecodingError(
        short ? .truncated : .malformed, file: file, place: .byte(short ? bytes.count : 0),
        reason: short ? "The file ends in its first marker." : "The file does not start as a JPEG file does.",
        remedy: JPEGLayout.remedy)
    }
  }

  /// The next segment with a length field; nil at the end-of-image marker. Bytes between segments are passed over,
  /// as libjpeg does.
  mutating func next() throws(DecodingError) -> JPEGSegment? {
    while true {
      while offset < bytes.count, bytes[offset] != 0xFF { offset += 1 }
      let start = offset
      while offset < bytes.count, bytes[offset] == 0xFF { offset += 1 }
      guard offset < bytes.count else { throw truncated("The file ends before any image data.") }
      let marker = bytes[offset]
      offset += 1
      switch marker {
      case 0x00, 0x01, 0xD0...0xD8: continue
      case 0xD9: return nil
      default: break
      }
      guard offset + 2 <= bytes.count else { throw truncated("The file ends in a marker.") }
      let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
      let segment = JPEGSegment(
        file: file, offset: start, marker: marker,
        content: bytes[min(offset + 2, bytes.count)..<min(max(offset + length, offset + 2), bytes.count)])
      guard length >= 2 else { throw segment.malformed("A marker segment gives its length as \(length).") }
      guard offset + length <= bytes.count else {
        throw truncated(
          "The file ends inside a marker segment of \(length) bytes that starts at byte \(start).")
      }
      offset += length
      return segment
    }
  }

  private func truncated(_ reason: String) -> DecodingError {
    DecodingError(
      .truncated, file: file, place: .byte(bytes.count), reason: reason, remedy: JPEGLayout.remedy)
  }
}
