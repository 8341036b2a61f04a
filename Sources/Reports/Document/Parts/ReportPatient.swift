import Foundation

/// Whom a report is about. A report holds it only where identity was asked for.
public struct ReportPatient: Sendable, Equatable, Codable {
  /// As DICOM writes names, parts divided by `^`.
  public var name: String?
  /// Given by the hospital.
  public var id: String?
  /// `YYYYMMDD`.
  public var birthDate: String?
  /// DICOM's `M`, `F` or `O`.
  public var sex: String?
  /// Of the study that the inputs belong to.
  public var studyUID: String?
  /// Of the order that the study was made for.
  public var accession: String?

  /// All parts are empty where a header leaves them empty.
  public init(
    name: String? = nil, id: String? = nil, birthDate: String? = nil, sex: String? = nil,
    studyUID: String? = nil, accession: String? = nil
  ) {
    (self.name, self.id, self.birthDate) = (name, id, birthDate)
    (self.sex, self.studyUID, self.accession) = (sex, studyUID, accession)
  }

  /// Name, id and birth date in one line, those that are known.
  var line: String {
    [name?.replacingOccurrences(of: "^", with: " "), id, birthDate].compactMap { $0 }.filter { !$0.isEmpty }
      .joined(separator: ", ")
  }
}
