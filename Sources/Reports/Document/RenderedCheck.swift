import Foundation

/// Holds rendered files against the report that they were rendered from, before any is written: each must be readable as
/// what it is and bear the report's identifier.
public struct RenderedCheck {
  private let report: ReportDocument

  /// - Parameter report: what the files were rendered from.
  public init(_ report: ReportDocument) { self.report = report }

  /// - Throws: `DocumentError` for the first file that is not the report's.
  public func require(_ files: [(ReportFormat, Data)]) throws(DocumentError) {
    for (format, bytes) in files {
      guard let problem = problem(format, bytes) else { continue }
      throw DocumentError(
        place: "\(report.study)/\(format.fileName)", reason: "It was not written: \(problem).",
        remedy: "Choose other formats with --format, and report this as a defect of Braid.")
    }
  }

  private func problem(_ format: ReportFormat, _ bytes: Data) -> String? {
    let text = String(decoding: bytes, as: UTF8.self), uuid = report.identity.uuid
    switch format {
    case .json:
      guard let read = try? ReportDocument(json: bytes, place: "") else { return "it cannot be read back" }
      return read.ordered.text == report.ordered.text ? nil : "it reads back as another report"
    case .fhir:
      guard let bundle = try? JSONDecoder().decode(JSONTree.self, from: bytes),
        case .object(let fields) = bundle, fields["resourceType"] == .string("Bundle")
      else { return "it is no FHIR bundle" }
      return text.contains("urn:uuid:\(uuid)") ? nil : "it lacks the report's identifier"
    case .hl7:
      let segments = text.split(separator: "\r")
      guard segments.first?.hasPrefix("MSH|^~\\&|") == true, !text.contains("\n"),
        segments.allSatisfy({ $0.dropFirst(3).first == "|" })
      else { return "it is no HL7 message" }
      return text.contains("|urn:uuid:\(uuid)|") ? nil : "it lacks the report's identifier"
    case .sr:
      guard bytes.count > 132, bytes.dropFirst(128).prefix(4).elementsEqual("DICM".utf8) else {
        return "it is no DICOM file"
      }
      let isOwn = [report.identity.uid, report.version.uid, report.studyUID].allSatisfy {
        bytes.range(of: Data($0.utf8)) != nil
      }
      return isOwn ? nil : "it lacks the report's identifiers"
    case .md, .html: return text.contains(uuid) ? nil : "it lacks the report's identifier"
    }
  }
}
