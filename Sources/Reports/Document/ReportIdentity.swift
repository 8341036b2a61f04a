import Crypto
import Foundation

/// 128 bits that name a report or a part of it: a version 8 UUID (RFC 9562) made from a hash, so that the same content
/// keeps its name. FHIR and HL7 write it as a UUID, DICOM as a UID below 2.25 (PS3.5 B.2), which is the same number.
struct ReportIdentity: Equatable {
  private let bytes: [UInt8]

  /// - Parameter source: what is named.
  init(of source: String) {
    var bytes = Array(SHA256.hash(data: Data(source.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    self.bytes = bytes
  }

  /// Nil for what is no UUID.
  init?(uuid: String) {
    guard let uuid = UUID(uuidString: uuid) else { return nil }
    bytes = withUnsafeBytes(of: uuid.uuid) { Array($0) }
  }

  /// In small letters, with hyphens.
  var uuid: String {
    let hex = bytes.hex
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(
      separator: "-")
  }

  /// `2.25.` and the number in decimal digits.
  var uid: String { "2.25." + String(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }) }
}

extension ReportDocument {
  /// The identifier of a draft with this content: of its study, inputs, bundle, time, findings and text.
  var contentID: String {
    var draft = self
    // What signing adds, and what the patient is called, changes no identity.
    (draft.id, draft.status, draft.signature, draft.edits, draft.patient) = ("", .preliminary, nil, [], nil)
    return ReportIdentity(of: draft.ordered.text).uuid
  }

  /// The report, which keeps its identifier from draft to final.
  var identity: ReportIdentity { ReportIdentity(uuid: id) ?? ReportIdentity(of: contentID) }

  /// This version of the report: another one for the final.
  var version: ReportIdentity { ReportIdentity(of: "version " + ordered.text) }

  /// The study: as the inputs' headers name it where identity was asked for, else made from the inputs.
  var studyUID: String {
    if let uid = patient?.studyUID, !uid.isEmpty { return uid }
    return ReportIdentity(of: "study " + study + inputs.map(\.sha256).joined()).uid
  }
}
