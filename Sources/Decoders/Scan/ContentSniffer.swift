/// Recognises binary formats by their first bytes.
struct ContentSniffer {
  var head: [UInt8]
  /// Whether `head` is all there is.
  var whole: Bool

  var binaryFormat: ScanFormat? {
    // "PNG" alone also catches files whose signature was broken by a transfer as text.
    if has("PNG\r", at: 1) || has("PNG\n", at: 1) { return .png }
    if head.starts(with: JPEGMarkers.start) { return .jpeg }
    if has("DICM", at: 128) || DICOMSniffer(head).looksLikeDataSet { return isDirectory ? .dicomdir : .dicom }
    return isVideo ? .video : nil
  }

  /// Whether a PNG or JPEG file could start like this but is over too soon.
  var isBeginning: Bool {
    whole && (PNGChunks.signature.starts(with: head) || JPEGMarkers.start.starts(with: head))
  }

  private var isVideo: Bool {
    if ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"].contains(where: { has($0, at: 4) }) {
      return !isStillHEIF
    }
    if has("RIFF", at: 0) { return has("AVI ", at: 8) }
    let starts: [[UInt8]] = [
      [0x1A, 0x45, 0xDF, 0xA3],  // Matroska and WebM
      [0, 0, 1, 0xBA], [0, 0, 1, 0xB3],  // MPEG program and elementary streams
      [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11],  // ASF
      [0, 0, 0, 1, 0x67], [0, 0, 0, 1, 0x27],  // H.264 byte stream
      Array("GIF87a".utf8), Array("GIF89a".utf8), Array("FLV\u{1}".utf8), Array("OggS".utf8),
      Array("DKIF".utf8),
      Array("YUV4MPEG2 ".utf8),
    ]
    if starts.contains(where: { head.starts(with: $0) }) { return true }
    // MPEG transport streams: a sync byte every 188 bytes, or every 192 with time codes.
    return [(0, 188), (4, 192)].contains { first, step in
      head.count > first + 4 * step && (0...4).allSatisfy { head[first + $0 * step] == 0x47 }
    }
  }

  private var isStillHEIF: Bool {
    ["heic", "heix", "heif", "mif1", "avif"].contains { has("ftyp" + $0, at: 4) }
  }

  /// A format that is no scan, with its article.
  var otherFormat: String? {
    if isStillHEIF { return "a HEIF or AVIF picture" }
    if has("RIFF", at: 0) { return has("WEBP", at: 8) ? "a WebP picture" : "a sound or other RIFF file" }
    let known: [([UInt8], String)] = [
      (Array("%PDF".utf8), "a PDF document"),
      (Array("PK\u{3}\u{4}".utf8), "a ZIP archive or office document"),
      (Array("II*\0".utf8), "a TIFF picture"), (Array("MM\0*".utf8), "a TIFF picture"),
      (Array("{\\rtf".utf8), "an RTF document"),
      ([0x93] + Array("NUMPY".utf8), "a numpy array"), ([0x89] + Array("HDF".utf8), "an HDF5 file"),
      ([0, 0, 0, 0x0C, 0x6A, 0x50], "a JPEG 2000 picture"),
      ([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 picture"),
      ([0xFF, 0xFE], "UTF-16 text"), ([0xFE, 0xFF], "UTF-16 text"),
      (Array("7z".utf8) + [0xBC, 0xAF], "a 7z archive"),
      (Array("SQLite format 3".utf8), "an SQLite database"), ([0x7F] + Array("ELF".utf8), "a program"),
      ([0xFD] + Array("7zXZ".utf8), "an XZ-packed file"), (Array("BZh".utf8), "a bzip2-packed file"),
      ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard-packed file"),
    ]
    if let found = known.first(where: { head.starts(with: $0.0) }) { return found.1 }
    if head.count > 26, has("BM", at: 0), head[6..<10].allSatisfy({ $0 == 0 }) { return "a BMP picture" }
    return has("n+1\0", at: 344) ? "a NIfTI volume" : nil
  }

  /// Whether the media storage SOP class is that of a DICOMDIR (PS3.4, B.5).
  private var isDirectory: Bool {
    let uid = Array("1.2.840.10008.1.3.10".utf8)
    let end = min(head.count, 1024)
    guard end > uid.count else { return false }
    return (0..<end - uid.count).contains { start in
      guard head[start..<start + uid.count].elementsEqual(uid) else { return false }
      let next = head[start + uid.count]
      return next != 0x2E && !(0x30...0x39).contains(next)
    }
  }

  private func has(_ text: String, at offset: Int) -> Bool {
    head.count >= offset + text.utf8.count && head[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
  }
}
