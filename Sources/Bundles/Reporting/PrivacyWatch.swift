import Decoders
import Reports

/// Finds what in the inputs of a study may tell who the patient is.
enum PrivacyWatch {
  static func flags(_ parts: [StudyPart], _ language: ReportLanguage) -> [ReportDocument.PrivacyFlag] {
    parts.flatMap { part in
      kinds(part).map { kind, count in
        ReportDocument.PrivacyFlag(input: part.name, kind: kind, count: count, language: language)
      }
    }
  }

  /// Whether a picture of this input may show who the patient is.
  static func mayShowIdentity(_ part: StudyPart) -> Bool {
    kinds(part).contains { $0.0 == .burnedIn || $0.0 == .textInPicture }
  }

  private static func kinds(_ part: StudyPart) -> [(ReportDocument.PrivacyFlag.Kind, Int)] {
    guard let source = part.routed?.source else { return [] }
    var found: [(ReportDocument.PrivacyFlag.Kind, Int)] = []
    if case .bool(true)? = source.metadata["burnedInAnnotation"] { found.append((.burnedIn, 1)) }
    if let lines = source.marks?.lines, lines > 0 { found.append((.textInPicture, lines)) }
    if case .integer(let count)? = source.metadata["overlays"] { found.append((.overlay, count)) }
    if case .integer(let count)? = source.metadata["privateElements"] { found.append((.privateTags, count)) }
    return found
  }
}

extension ReportPatient {
  /// Whom the inputs of a study are about, as their headers say; nil where they were read without identity, or none of them
  /// says anything.
  init?(_ parts: [StudyPart]) {
    func text(_ key: String) -> String? {
      parts.lazy.compactMap { part -> String? in
        if case .string(let text)? = part.routed?.source.metadata[key], !text.isEmpty { text } else { nil }
      }.first
    }
    self.init(
      name: text("patientName"), id: text("patientID"), birthDate: text("patientBirthDate"),
      sex: text("patientSex"), studyUID: text("studyInstanceUID"), accession: text("accessionNumber"))
    if [name, id, birthDate].allSatisfy({ $0 == nil }) { return nil }
  }
}
