/// Opens scans of any format.
public enum Scans {
  /// Tells the format by the content and opens the decoder for it.
  /// - Throws: `unsupported` for tables, which are no pictures; what sniffing and the decoders throw.
  public static func open(
    path: String, options: DecodeOptions = DecodeOptions()
  ) throws(DecodingError) -> any FrameDecoder {
    switch try ScanFormat.sniff(path: path) {
    case .png: return try PNGDecoder(path: path, options: options)
    case .jpeg: return try JPEGDecoder(path: path, options: options)
    case .dicom: return try DICOMDecoder(path: path, options: options)
    case .video: return try VideoDecoder(path: path, options: options)
    case .csv:
      throw DecodingError(
        .unsupported, file: path, reason: "This is a table, not a picture.",
        remedy: "Use braid predict or braid grade for sensor recordings.")
    case .dicomdir:
      throw DecodingError(
        .unsupported, file: path, reason: "A DICOMDIR lists scans and holds none.",
        remedy: "Name the folder that it stands in.")
    }
  }
}
