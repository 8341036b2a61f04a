import Foundation

/// Renders a report as a FHIR R4 Bundle (a collection): a DiagnosticReport with the readable report attached, an Observation
/// for each finding, the ImagingStudy, the Device that drafted it and, where identity was asked for, the Patient.
///
/// Without identity the subject is withheld: whoever files the report sets it. Every resource is named by a UUID that
/// follows from the report's identifier, so that the same report keeps its names.
public struct FHIRRenderer: Sendable {
  typealias Fields = [(key: String, value: OrderedJSON)]

  /// There is nothing to set.
  public init() {}

  /// - Returns: one Bundle as JSON, the same bytes for the same report.
  /// - Throws: `DocumentError` for what `ReportDocument.validate` refuses.
  public func render(_ report: ReportDocument) throws(DocumentError) -> String {
    try report.validate()
    let names = FHIRNames(report)
    var entries: [(String, Fields)] = [(names.report, diagnosticReport(report, names))]
    for (i, finding) in report.findings.enumerated() {
      entries.append((names.finding(i), observation(report, finding, names)))
    }
    entries.append((names.humanRead, humanRead(report, names)))
    entries.append((names.study, imagingStudy(report, names)))
    entries.append((names.device, device(report)))
    if let patient = report.patient { entries.append((names.patient, resource(patient))) }
    return OrderedJSON.object([
      ("resourceType", .string("Bundle")),
      ("identifier", FHIR.identifier("urn:ietf:rfc:3986", "urn:uuid:" + report.version.uuid)),
      ("type", .string("collection")), ("timestamp", .string(report.created.description)),
      (
        "entry",
        .list(
          entries.map { name, fields in
            OrderedJSON.object([
              ("fullUrl", OrderedJSON.string("urn:uuid:" + name)), ("resource", OrderedJSON.object(fields)),
            ])
          })
      ),
    ]).text
  }

  private func diagnosticReport(_ report: ReportDocument, _ names: FHIRNames) -> Fields {
    let markdown = Data(MarkdownRenderer().render(report).utf8).base64EncodedString()
    let results = report.findings.indices.map(names.finding) + [names.humanRead]
    var identifiers = [
      FHIR.identifier("urn:ietf:rfc:3986", "urn:uuid:" + report.identity.uuid),
      FHIR.identifier("urn:dicom:uid", "urn:oid:" + report.version.uid),
    ]
    if let accession = report.patient?.accession, !accession.isEmpty {
      identifiers.append(FHIR.accession(accession))
    }
    var fields: Fields = [
      ("resourceType", .string("DiagnosticReport")), ("identifier", .list(identifiers)),
      ("status", .string(report.status.rawValue)),
      (
        "category", .list([FHIR.coding("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology")])
      ),
      ("code", FHIR.coding("http://loinc.org", "18748-4", "Diagnostic imaging study")),
      ("subject", names.subject(report)), ("issued", .string(report.created.description)),
      ("result", .list(results.map(FHIR.reference))), ("imagingStudy", .list([FHIR.reference(names.study)])),
    ]
    let conclusion = ReportWording.paragraphs(report.sections.impression).joined(separator: "\n")
    if !conclusion.isEmpty { fields.append(("conclusion", .string(conclusion))) }
    fields.append(
      (
        "presentedForm",
        .list([
          .object([
            ("contentType", .string("text/markdown; charset=utf-8")),
            ("language", .string(report.language.rawValue)), ("data", .string(markdown)),
            ("title", .string(ReportWording.notice(report))),
            ("creation", .string(report.created.description)),
          ])
        ])
      ))
    return fields
  }

  private func observation(
    _ report: ReportDocument, _ finding: ReportDocument.Finding, _ names: FHIRNames
  ) -> Fields {
    var site: [String] = []
    if let side = finding.laterality { site.append(side.rawValue) }
    if let zone = finding.zone { site.append("\(zone.rawValue) zone") }
    var components = [component("Probability", ("valueQuantity", quantity(finding.probability, "1", "1")))]
    if let size = finding.size {
      components.append(component("Diameter", ("valueQuantity", quantity(size.millimetres, "mm", "mm"))))
    }
    components += finding.evidence.map { evidence in
      component(
        "Evidence", ("valueString", .string("\(evidence.input): \(ReportWording.region(evidence.region))")))
    }
    let sentences = report.statements.filter { $0.section == .findings && $0.findings.contains(finding.name) }
    var fields = header(report, names, finding.name)
    fields.append(("valueCodeableConcept", coded(finding.state)))
    if !sentences.isEmpty { fields.append(("note", notes(sentences.map(\.text)))) }
    if !site.isEmpty {
      fields.append(("bodySite", .object([("text", .string(site.joined(separator: ", ")))])))
    }
    fields.append(("device", FHIR.reference(names.device)))
    fields.append(("component", .list(components)))
    return fields
  }

  private func humanRead(_ report: ReportDocument, _ names: FHIRNames) -> Fields {
    let told =
      report.reasons + report.limits + ReportWording.asked(report) + report.privacy.map(\.text)
    var fields = header(report, names, "A human must read this study")
    fields.append(("valueBoolean", .bool(report.needsHumanRead)))
    if !told.isEmpty { fields.append(("note", notes(told))) }
    return fields
  }

  private func header(_ report: ReportDocument, _ names: FHIRNames, _ code: String) -> Fields {
    [
      ("resourceType", .string("Observation")), ("status", .string(report.status.rawValue)),
      ("code", .object([("text", .string(code))])), ("subject", names.subject(report)),
      ("issued", .string(report.created.description)),
    ]
  }

  private func imagingStudy(_ report: ReportDocument, _ names: FHIRNames) -> Fields {
    var identifiers = [FHIR.identifier("urn:dicom:uid", "urn:oid:" + report.studyUID)]
    if let accession = report.patient?.accession, !accession.isEmpty {
      identifiers.append(FHIR.accession(accession))
    }
    return [
      ("resourceType", .string("ImagingStudy")), ("identifier", .list(identifiers)),
      ("status", .string("available")), ("subject", names.subject(report)),
      ("numberOfInstances", .value(.integer(report.inputs.count))), ("description", .string(report.study)),
    ]
  }

  private func device(_ report: ReportDocument) -> Fields {
    [
      ("resourceType", .string("Device")),
      (
        "deviceName",
        .list([.object([("name", .string("Braid, \(report.bundle.name)")), ("type", .string("model-name"))])])
      ),
      ("version", .list([.object([("value", .string(report.bundle.sha256))])])),
    ]
  }

  private func resource(_ patient: ReportPatient) -> Fields {
    var fields: Fields = [("resourceType", .string("Patient"))]
    if let id = patient.id, !id.isEmpty {
      fields.append(("identifier", .list([.object([("value", .string(id))])])))
    }
    if let name = patient.name, !name.isEmpty {
      let parts = name.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
      var person: Fields = [("text", .string(name.replacingOccurrences(of: "^", with: " ")))]
      if !parts[0].isEmpty { person.append(("family", .string(parts[0]))) }
      let given = parts.dropFirst().prefix(2).filter { !$0.isEmpty }
      if !given.isEmpty { person.append(("given", .list(given.map { OrderedJSON.string($0) }))) }
      fields.append(("name", .list([.object(person)])))
    }
    let genders = ["M": "male", "F": "female", "O": "other"]
    if let gender = patient.sex.flatMap({ genders[$0] }) { fields.append(("gender", .string(gender))) }
    if let date = patient.birthDate, date.count == 8, date.allSatisfy(\.isNumber) {
      let parts = [date.prefix(4), date.dropFirst(4).prefix(2), date.suffix(2)]
      fields.append(("birthDate", .string(parts.joined(separator: "-"))))
    }
    return fields
  }

  private func component(_ code: String, _ value: (key: String, value: OrderedJSON)) -> OrderedJSON {
    .object([("code", .object([("text", .string(code))])), value])
  }

  private func quantity(_ value: Double, _ unit: String, _ code: String) -> OrderedJSON {
    .object([
      ("value", .number(value)), ("unit", .string(unit)), ("system", .string("http://unitsofmeasure.org")),
      ("code", .string(code)),
    ])
  }

  private func notes(_ texts: [String]) -> OrderedJSON {
    .list(texts.map { OrderedJSON.object([("text", .string($0))]) })
  }

  /// LOINC's answer codes.
  private func coded(_ state: ReportDocument.State) -> OrderedJSON {
    switch state {
    case .present: FHIR.coding("http://loinc.org", "LA9633-4", "Present")
    case .absent: FHIR.coding("http://loinc.org", "LA9634-2", "Absent")
    case .uncertain: FHIR.coding("http://loinc.org", "LA11884-6", "Indeterminate")
    }
  }
}
