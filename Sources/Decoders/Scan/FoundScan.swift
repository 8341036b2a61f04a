/// What a file in a scan folder turned out to be, from its first bytes and its DICOM header.
enum FoundScan {
  /// A picture or clip; `identity` are words of a DICOM header that name the patient.
  case scan(StudyInput, identity: [String])
  case unreadable(DecodingError)
  case passedOver

  init(path: String, identified: Bool) {
    let format: ScanFormat
    do {
      format = try ScanFormat.sniff(path: path)
    } catch {
      self = Self.isMeantAsScan(path, error.code) ? .unreadable(error) : .passedOver
      return
    }
    switch format {
    case .png, .jpeg: self = .scan(StudyInput(path: path, format: format, kind: .image), identity: [])
    case .video: self = .scan(StudyInput(path: path, format: format, kind: .clip), identity: [])
    case .dicom:
      do { self = try Self.dicom(path, identified) } catch { self = .unreadable(error) }
    case .csv, .dicomdir: self = .passedOver
    }
  }

  private static func dicom(_ path: String, _ identified: Bool) throws(DecodingError) -> FoundScan {
    let file = try DICOMFile(path: path, maximumBytes: DICOMDecoder.memoryLimit(DecodeOptions()))
    // Reports, plans and indexes are no scans.
    guard file.hasPixels else { return .passedOver }
    let picture = try file.picture(maximumPixels: DecodeOptions().maximumPixels, enoughSide: nil)
    let input = StudyInput(
      path: path, format: .dicom, kind: picture.frames > 1 ? .clip : .image,
      metadata: DICOMMetadata.read(file, picture, identified: identified), visit: PatientVisit(file))
    return .scan(input, identity: identified ? [] : words(of: file))
  }

  private static func words(of file: DICOMFile) -> [String] {
    let name = (file.text(DICOMTag.patientName) ?? "").split { "^=, ".contains($0) }.map(String.init)
    let id = file.text(DICOMTag.patientID).map { [$0] } ?? []
    // Initials and running numbers would be found in any folder.
    return (name + id).filter { $0.count >= 3 }.map { $0.lowercased() }
  }

  /// Whether a file without a scan's content was to be one: its name says so, or it could not even be looked at.
  private static func isMeantAsScan(_ path: String, _ code: DecodingError.Code) -> Bool {
    if code == .notFound || code == .unsupported { return true }
    return ScanFormat.isScanName(path)
  }
}

extension ScanFormat {
  /// Whether a file's name says that it is to be a picture or clip, whatever it holds.
  public static func isScanName(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return false }
    return scanEndings.contains(name[dot...].dropFirst().lowercased())
  }

  private static let scanEndings: Set<String> = [
    "dcm", "dicom", "ima", "png", "jpg", "jpeg", "jpe", "jfif", "mp4", "m4v", "mov", "avi", "mkv", "webm",
    "mpg",
    "mpeg", "ts", "wmv", "gif",
  ]
}
