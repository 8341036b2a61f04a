import CPNG

extension ScanFormat {
  // Enough for the rows that show that a text is a table.
  private static let headBytes = 1 << 16

  /// Tells the format of a file from its content; the name only helps with text that could be a table or not.
  /// - Throws: `notFound`; `unsupported` for folders, pipes and packed scans; `truncated` for empty files and
  ///   beginnings; `unknownFormat` for everything that is no scan.
  public static func sniff(path: String) throws(DecodingError) -> ScanFormat {
    let input = try InputFile(path: path)
    let head = try input.bytes(at: 0, count: headBytes)
    guard !head.isEmpty else {
      throw DecodingError(
        .truncated, file: path, place: .byte(0), reason: "The file is empty.",
        remedy: "Export or copy it again.")
    }
    if head.starts(with: [0x1F, 0x8B]) { return try sniffPacked(head, path: path) }
    let sniffer = ContentSniffer(head: head, whole: head.count == input.size)
    if let format = sniffer.binaryFormat { return format }
    if let known = sniffer.otherFormat {
      throw DecodingError(
        .unknownFormat, file: path, reason: "This is \(known), which is no scan that can be read.",
        remedy: "Convert it to PNG, JPEG, DICOM, a common video format or CSV.")
    }
    guard !sniffer.isBeginning else {
      throw DecodingError(
        .truncated, file: path, place: .byte(head.count),
        reason: "The file ends in its first \(head.count) bytes.",
        remedy: "Export or copy it again.")
    }
    if TableSniffer(head, whole: sniffer.whole).isTable(named: path) { return .csv }
    throw DecodingError(
      .unknownFormat, file: path,
      reason: "The content is neither PNG, JPEG, DICOM nor video, nor a table of sensor readings.",
      remedy: "Check that this is the right file, or convert it to one of these formats.")
  }

  private static func sniffPacked(_ head: [UInt8], path: String) throws(DecodingError) -> ScanFormat {
    var written = 0
    let inside = [UInt8](unsafeUninitializedCapacity: headBytes) { buffer, count in
      written = cpng_gunzip_head(head, head.count, buffer.baseAddress!, buffer.count)
      count = max(written, 0)
    }
    guard written > 0 else {
      throw DecodingError(
        written < 0 ? .malformed : .truncated, file: path, place: .byte(0),
        reason: written < 0 ? "The gzip data are broken at their start." : "The gzip data hold nothing.",
        remedy: "Export or copy it again.")
    }
    let sniffer = ContentSniffer(head: inside, whole: inside.count < headBytes)
    if let format = sniffer.binaryFormat {
      throw DecodingError(
        .unsupported, file: path, reason: "This is a gzip-packed \(format.rawValue) file.",
        remedy: "Unpack it with gunzip; only CSV is read packed.")
    }
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    if TableSniffer(inside, whole: sniffer.whole).isTable(named: name) { return .csv }
    throw DecodingError(
      .unknownFormat, file: path, reason: "The gzip data hold no table of sensor readings.",
      remedy: "Unpack it with gunzip and check what it is.")
  }
}
