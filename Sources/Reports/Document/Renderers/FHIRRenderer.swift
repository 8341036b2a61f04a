import Crypto
import Foundation

/// Renders a report as a FHIR R4 DiagnosticReport, with an Observation for each finding contained in it and the readable
/// report attached.
///
/// The subject is withheld: whoever files the report sets it.
public struct FHIRRenderer: Sendable {
  /// There is nothing to set.
  public init() {}

  /// - Returns: one resource as JSON, the same bytes for the same report.
  /// - Throws: `DocumentError` for what `ReportDocument.validate` refuses.
  public func render(_ report: ReportDocument) throws(DocumentError) -> String {
    let status = report.status.rawValue
    let time = OrderedJSON.string(report.created.description)
    let withheld = OrderedJSON.object([("display", .string("withheld"))])
    let observations = report.findings.enumerated().map { i, finding in
      observation(
        "finding-\(i + 1)", status, .object([("text", .string(finding.name))]), withheld, time,
        [
          ("valueCodeableConcept", coded(finding.state)),
          ("device", reference("#braid")),
          ("component", .list([probability(finding.probability)] + finding.evidence.map(evidence))),
        ])
    }
    let notes = report.reasons + report.limits + ReportWording.asked(report)
    let read = observation(
      "human-read", status, .object([("text", .string("A human must read this study"))]), withheld, time,
      [("valueBoolean", .bool(report.needsHumanRead))]
        + (notes.isEmpty ? [] : [("note", .list(notes.map { .object([("text", .string($0))]) }))])
    )
    let device = OrderedJSON.object([
      ("resourceType", .string("Device")), ("id", .string("braid")),
      (
        "deviceName",
        .list([.object([("name", .string("Braid, \(report.bundle.name)")), ("type", .string("model-name"))])])
      ),
      ("version", .list([.object([("value", .string(report.bundle.sha256))])])),
    ])
    let markdown = Data(MarkdownRenderer().render(report).utf8).base64EncodedString()
    let links = report.findings.indices.map { reference("#finding-\($0 + 1)") } + [reference("#human-read")]
    var resource: [(key: String, value: OrderedJSON)] = [
      ("resourceType", .string("DiagnosticReport")),
      // With no findings the device would hang loose, which R4 forbids (dom-3).
      ("contained", .list((report.findings.isEmpty ? [] : [device]) + observations + [read])),
      (
        "identifier",
        .list([
          .object([
            ("system", .string("urn:ietf:rfc:3986")),
            ("value", .string("urn:uuid:" + Self.uuid(try report.json()))),
          ])
        ])
      ),
      ("status", .string(status)),
      ("category", .list([coding("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology")])),
      ("code", coding("http://loinc.org", "18748-4", "Diagnostic imaging study")),
      ("subject", withheld), ("issued", time), ("result", .list(links)),
    ]
    let conclusion = ReportWording.paragraphs(report.sections.impression).joined(separator: "\n")
    if !conclusion.isEmpty { resource.append(("conclusion", .string(conclusion))) }
    resource.append(
      (
        "presentedForm",
        .list([
          .object([
            ("contentType", .string("text/markdown; charset=utf-8")),
            ("language", .string(report.language.rawValue)),
            ("data", .string(markdown)), ("title", .string(ReportWording.notice(report))), ("creation", time),
          ])
        ])
      ))
    return OrderedJSON.object(resource).text
  }

  private func observation(
    _ id: String, _ status: String, _ code: OrderedJSON, _ subject: OrderedJSON, _ time: OrderedJSON,
    _ rest: [(key: String, value: OrderedJSON)]
  ) -> OrderedJSON {
    .object(
      [
        ("resourceType", .string("Observation")), ("id", .string(id)), ("status", .string(status)),
        ("code", code),
        ("subject", subject), ("issued", time),
      ] + rest)
  }

  private func reference(_ id: String) -> OrderedJSON { .object([("reference", .string(id))]) }

  private func coding(_ system: String, _ code: String, _ display: String) -> OrderedJSON {
    .object([
      (
        "coding",
        .list([
          .object([("system", .string(system)), ("code", .string(code)), ("display", .string(display))])
        ])
      ),
      ("text", .string(display)),
    ])
  }

  /// LOINC's answer codes.
  private func coded(_ state: ReportDocument.State) -> OrderedJSON {
    switch state {
    case .present: coding("http://loinc.org", "LA9633-4", "Present")
    case .absent: coding("http://loinc.org", "LA9634-2", "Absent")
    case .uncertain: coding("http://loinc.org", "LA11884-6", "Indeterminate")
    }
  }

  private func probability(_ value: Double) -> OrderedJSON {
    .object([
      ("code", .object([("text", .string("Probability"))])),
      (
        "valueQuantity",
        .object([
          ("value", .number(value)), ("unit", .string("1")), ("system", .string("http://unitsofmeasure.org")),
          ("code", .string("1")),
        ])
      ),
    ])
  }

  private func evidence(_ evidence: ReportDocument.Evidence) -> OrderedJSON {
    .object([
      ("code", .object([("text", .string("Evidence"))])),
      ("valueString", .string("\(evidence.input): \(ReportWording.region(evidence.region))")),
    ])
  }

  /// A version 8 UUID (RFC 9562) from the report's hash, so that the same report keeps its identifier.
  private static func uuid(_ json: String) -> String {
    var bytes = Array(SHA256.hash(data: Data(json.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = bytes.hex
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(
      separator: "-")
  }
}
