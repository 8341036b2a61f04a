/// UUIDs of a report's FHIR resources.
struct FHIRNames {
  private let base: String
  let report: String

  init(_ report: ReportDocument) {
    self.report = report.identity.uuid
    base = "fhir " + report.identity.uuid
  }

  var humanRead: String { name("human read") }
  var study: String { name("study") }
  var device: String { name("device") }
  var patient: String { name("patient") }

  func finding(_ place: Int) -> String { name("finding \(place)") }

  /// The patient, where identity was asked for.
  func subject(_ report: ReportDocument) -> OrderedJSON {
    report.patient == nil ? .object([("display", .string("withheld"))]) : FHIR.reference(patient)
  }

  private func name(_ part: String) -> String { ReportIdentity(of: "\(base) \(part)").uuid }
}

/// Pieces of FHIR resources.
enum FHIR {
  static func reference(_ uuid: String) -> OrderedJSON {
    .object([("reference", .string("urn:uuid:" + uuid))])
  }

  static func identifier(_ system: String, _ value: String) -> OrderedJSON {
    .object([("system", .string(system)), ("value", .string(value))])
  }

  /// Of the order that a study was made for.
  static func accession(_ number: String) -> OrderedJSON {
    .object([
      (
        "type",
        coding("http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN", "Accession ID")
      ), ("value", .string(number)),
    ])
  }

  static func coding(_ system: String, _ code: String, _ display: String) -> OrderedJSON {
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
}
