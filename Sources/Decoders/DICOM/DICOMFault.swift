import CDICOM

extension DecodingError {
  /// The refusal of the C layer, with what can be done about it.
  init(_ fault: CDICOMFault, file: String, frame: Int? = nil) {
    let code: Code
    let remedy: String
    switch fault.status {
    case CDICOM_UNSUPPORTED:
      code = .unsupported
      remedy = "Convert it to Explicit VR Little Endian, for example with gdcmconv --raw or dcmdjpeg."
    case CDICOM_TRUNCATED:
      code = .truncated
      remedy = "Copy or export the object again."
    case CDICOM_TOO_LARGE:
      code = .tooLarge
      remedy = "Raise the limit if the object is to be trusted, or export it smaller."
    case CDICOM_NOT_FOUND:
      code = .notFound
      remedy = "Check the path and its permissions."
    case CDICOM_UNKNOWN_FORMAT:
      code = .unknownFormat
      remedy = "Give a DICOM file."
    case CDICOM_NO_FILE:
      code = .unsupported
      remedy = "Name the DICOM files themselves."
    default:
      code = .malformed
      remedy = "Export the object again from where it comes."
    }
    let reason = withUnsafeBytes(of: fault.reason) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let place: Place = frame.map { .frame($0) } ?? (fault.byte >= 0 ? .byte(Int(fault.byte)) : .file)
    self.init(code, file: file, place: place, reason: reason, remedy: remedy)
  }

  /// An object without pixels: a report, a plan, an index.
  static func noPicture(file: String, sopClass: String) -> DecodingError {
    let isIndex = sopClass == DICOMMetadata.directoryClass
    let name = isIndex ? "DICOMDIR (an index)" : DICOMFile.name(ofUID: sopClass).map(DICOMMetadata.spaced)
    return DecodingError(
      .unsupported, file: file,
      reason: "The object holds no picture; its class is \(name ?? "unnamed").",
      remedy: isIndex ? "Give the folder that it is the index of." : "Give the pictures of the study instead."
    )
  }
}
