import Bundles
import Decoders
import Foundation
import Reports
import Testing

/// What reports tell of the studies' headers and of each other.
@Suite("Reports on studies with headers", .serialized)
struct StudyReportTests {
  private static let sample = Package.samples + "/scans/03-dicom/IM0001.dcm"

  /// The sample as a study of its own, with what `change` makes of its header.
  private func study(
    _ name: String, in folder: String, date: String = "20240105",
    _ change: (inout DICOMPatch) throws -> Void = { _ in }
  ) throws {
    var patch = try DICOMPatch(Self.sample)
    try patch.set(0x0020, 0x000D, "UI", "1.2.826.0.1.3680043.10.\(abs(name.hashValue) % 100_000)")
    try patch.set(0x0008, 0x0020, "DA", date)
    try change(&patch)
    try patch.write("\(folder)/\(name)/IM0001.dcm")
  }

  private func reports(
    _ folder: String, _ out: String, formats: Set<ReportFormat> = [.json], identified: Bool = false
  ) throws -> [String: ReportDocument] {
    var options = ReportJob.Options(folders: [folder], out: out)
    (options.formats, options.identified, options.threads) = (formats, identified, 2)
    let outcome = try ReportJob(options, bundle: bundle()).run()
    #expect(outcome.rows.allSatisfy { $0.action == .written }, "\(outcome.rows.compactMap(\.error))")
    return try Dictionary(
      uniqueKeysWithValues: outcome.rows.map { row in
        let file = "\(out)/\(row.study)/report.json"
        return (row.study, try ReportDocument(json: Data(contentsOf: URL(filePath: file)), place: file))
      })
  }

  private func bundle() throws -> ModelBundle { try ModelBundle(path: Package.root + "/Encoders/base") }

  @Test(
    "A later study is compared with the earlier one of the same patient, whoever comes first in the folder")
  func prior() throws {
    let scans = try TemporaryFolder(), out = try TemporaryFolder()
    try study("a-later", in: scans.path, date: "20240117")
    try study("b-earlier", in: scans.path)
    try study("c-other", in: scans.path, date: "20240301") {
      try $0.set(0x0010, 0x0020, "LO", "PHANTOM-0002")
    }
    let found = try reports(scans.path, out.path, formats: Set(ReportFormat.allCases))
    let later = try #require(found["a-later"]), earlier = try #require(found["b-earlier"])
    let comparison = try #require(later.comparison)
    #expect(comparison.study == "b-earlier" && comparison.report == earlier.id && comparison.days == 12)
    #expect(later.sections.comparison.hasPrefix("Compared with the study b-earlier, 12 days earlier"))
    // The same picture: what is present was present.
    #expect(!comparison.changes.isEmpty && comparison.changes.allSatisfy { $0.kind == .unchanged })
    #expect(earlier.comparison == nil && found["c-other"]?.comparison == nil)
    for format in ReportFormat.allCases {
      let text = String(
        decoding: try Data(contentsOf: URL(filePath: "\(out.path)/a-later/\(format.fileName)")), as: UTF8.self
      )
      #expect(text.contains("12 days earlier") || format == .fhir, "\(format)")
      #expect(!text.contains("PHANTOM-0001"))
    }
  }

  @Test("Sentences rest on findings, findings have their side, and the identifier is that of the content")
  func told() throws {
    let out = try TemporaryFolder()
    let found = try reports(Package.samples + "/scans", out.path)
    var sides = 0
    for (study, report) in found where !report.abstains {
      #expect(!report.statements.isEmpty, "\(study)")
      #expect(report.statements.allSatisfy { !$0.findings.isEmpty })
      #expect(report.sealed().id == report.id)
      for finding in report.findings where finding.state == .present && finding.name.hasPrefix("left ") {
        #expect(finding.laterality == .left)
        let whole = report.findings.first { "left \($0.name)" == finding.name && $0.state == .present }
        #expect(whole == nil || whole?.laterality != nil)
        sides += 1
      }
    }
    #expect(sides > 0)
  }

  @Test("Private elements, burned-in identity and overlays are flagged, and no picture shows the second")
  func privacy() throws {
    let scans = try TemporaryFolder(), out = try TemporaryFolder()
    try study("flagged", in: scans.path) { patch in
      let patient = (group: UInt16(0x0010), element: UInt16(0x0010), kind: "PN")
      try patch.insert(0x0009, 0x0010, "LO", "SIMULATED 1.0", before: patient)
      try patch.insert(0x0009, 0x1001, "LO", "Secret^Name", before: patient)
      try patch.insert(0x0009, 0x1002, "LO", "More", before: patient)
      try patch.insert(0x0028, 0x0301, "CS", "YES", before: (0x0028, 0x1050, "DS"))
    }
    try study("plain", in: scans.path)
    let found = try reports(scans.path, out.path, formats: Set(ReportFormat.allCases))
    let flags = try #require(found["flagged"]?.privacy)
    #expect(flags.map(\.kind) == [.burnedIn, .privateTags] && flags.map(\.count) == [1, 2])
    #expect(found["plain"]?.privacy == [])
    func text(_ study: String, _ format: ReportFormat) throws -> String {
      String(
        decoding: try Data(contentsOf: URL(filePath: "\(out.path)/\(study)/\(format.fileName)")),
        as: UTF8.self)
    }
    for format in ReportFormat.allCases where format != .fhir {
      #expect(try text("flagged", format).contains("2 private elements"), "\(format)")
      #expect(try !text("flagged", format).contains("Secret"))
    }
    #expect(try text("plain", .html).contains("data:image/png"))
    #expect(try !text("flagged", .html).contains("data:image/png"))
  }

  @Test("Whom a study is about stands in its report only where that was asked for")
  func identified() throws {
    let scans = try TemporaryFolder(), out = try TemporaryFolder(), named = try TemporaryFolder()
    // No name that the patient bears: it would be kept out of the study's.
    try study("case", in: scans.path)
    let plain = try #require(try reports(scans.path, out.path, formats: [.fhir, .sr, .hl7])["case"])
    let known = try #require(
      try reports(scans.path, named.path, formats: [.fhir, .sr, .hl7], identified: true)["case"])
    #expect(plain.patient == nil)
    #expect(known.patient?.name == "Phantom^One" && known.patient?.id == "PHANTOM-0001")
    #expect(known.patient?.birthDate == "19000101" && known.patient?.sex == "O")
    #expect(known.patient?.studyUID?.hasPrefix("1.2.826.") == true)
    for format in [ReportFormat.fhir, .sr, .hl7] {
      let text = String(
        decoding: try Data(contentsOf: URL(filePath: "\(named.path)/case/\(format.fileName)")), as: UTF8.self)
      #expect(text.contains("PHANTOM-0001") && text.contains(known.patient?.studyUID ?? "?"))
    }
  }

  @Test("A localiser and another part of the body are left out, and the report says why")
  func unusable() throws {
    let scans = try TemporaryFolder(), out = try TemporaryFolder()
    try study("scout", in: scans.path) { try $0.set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER") }
    try study("hand", in: scans.path) { try $0.set(0x0018, 0x0015, "CS", "HAND") }
    try study("chest", in: scans.path)
    let found = try reports(scans.path, out.path)
    #expect(found["chest"]?.inputs.first?.used == true)
    for (study, words) in [("scout", "localiser"), ("hand", "HAND")] {
      let report = try #require(found[study])
      let input = try #require(report.inputs.first)
      #expect(
        !input.used && input.reason.contains("Left out") && input.reason.contains(words), "\(input.reason)")
      #expect(report.abstains && report.needsHumanRead)
    }
  }
}
