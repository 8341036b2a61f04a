import Foundation
import Reports
import Testing

@Suite("Sentences and the findings behind them")
struct StatementTests {
  @Test("A draft whose sentences and findings are tied is written and read back")
  func whole() throws {
    let report = Example.told()
    let json = try report.json()
    #expect(try ReportDocument(json: Data(json.utf8), place: "x") == report)
    #expect(json.contains("\"sentences\"") && json.contains("\"laterality\": \"left\""))
    #expect(report.statements[0].evidence == report.findings[1].evidence)
    // What is absent shows nowhere.
    #expect(report.statements[1].evidence.isEmpty)
  }

  @Test("A sentence without a finding and a present finding without a sentence are refused")
  func loose() throws {
    func reason(_ change: (inout ReportDocument) -> Void) -> String {
      var report = Example.told()
      change(&report)
      do {
        _ = try report.json()
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(reason { _ in } == "")
    #expect(reason { $0.statements[0].findings = [] }.contains("No finding stands behind"))
    #expect(reason { $0.statements[0].findings = ["Gout"] }.contains("none of the report's findings"))
    #expect(reason { $0.statements[0].text = "Another." }.contains("does not stand in its section"))
    #expect(reason { $0.statements.removeFirst() }.contains("no sentence says so"))
    // A person may write what no finding stands behind.
    #expect(
      reason {
        $0 = Example.signed()
        $0.statements[0].findings = []
      } == "")
  }

  @Test("The identifier follows from the content, and signing keeps it")
  func identity() throws {
    let report = Example.told()
    #expect(UUID(uuidString: report.id) != nil && report.sealed().id == report.id)
    var other = Example.told()
    other.sections.impression += " Small."
    #expect(other.sealed().id != report.id)
    #expect(Example.identified().sealed().id == report.id)
  }

  @Test(
    "All formats bear the same identifiers, which a final keeps",
    arguments: [Example.told(), Example.signed()])
  func everywhere(report: ReportDocument) throws {
    for format in ReportFormat.allCases where format != .sr {
      let text = String(decoding: try format.render(report), as: UTF8.self)
      #expect(text.contains(report.id), "\(format)")
    }
    let fhir = try FHIRTests.resources(report)
    let identifiers = try #require(fhir.first?["identifier"] as? [[String: Any]])
    let study = try #require(
      (fhir.first { $0["resourceType"] as? String == "ImagingStudy" }?["identifier"] as? [[String: Any]])?
        .first?[
          "value"] as? String)
    let sr = try #require(Dataset(file: try SRRenderer().render(report)))
    let hl7 = HL7Tests.segments(try HL7Renderer().render(report))
    func observed(_ code: String) -> String? { hl7.first { $0[0] == "OBX" && $0[3].hasPrefix(code) }?[5] }
    #expect(identifiers.last?["value"] as? String == "urn:oid:" + (sr.texts["00080018"] ?? ""))
    #expect(observed("121126^") == sr.texts["00080018"])
    #expect(study == "urn:oid:" + (sr.texts["0020000D"] ?? "") && observed("113014^") == sr.texts["0020000D"])
    // The series is the report: the same number as its UUID.
    let digits = report.id.filter { $0 != "-" }
    #expect(UInt128(digits, radix: 16).map { "2.25.\($0)" } == sr.texts["0020000E"])
    #expect(observed("REPORTID^") == "urn:uuid:" + report.id)
  }

  @Test("Files of another report are not written")
  func check() throws {
    let report = Example.told()
    var other = report
    other.study = "chest-043"
    other = other.sealed()
    for format in ReportFormat.allCases {
      let right = try format.render(report), wrong = try format.render(other)
      #expect(throws: Never.self) { try RenderedCheck(report).require([(format, right)]) }
      #expect(throws: DocumentError.self, "\(format)") {
        try RenderedCheck(report).require([(format, wrong)])
      }
      #expect(throws: DocumentError.self, "\(format)") {
        try RenderedCheck(report).require([(format, Data())])
      }
    }
  }

  @Test("Whom a report is about stands where archives look for it, where that was asked for")
  func patient() throws {
    let report = Example.identified()
    let sr = try #require(Dataset(file: try SRRenderer().render(report)))
    #expect(sr.texts["00100010"] == "Muster^Erika" && sr.texts["00100020"] == "PID-77|1")
    #expect(sr.texts["00100030"] == "19580307" && sr.texts["00100040"] == "F")
    #expect(sr.texts["0020000D"] == "1.2.840.99.7" && sr.texts["00080050"] == "A-1001")
    #expect(sr.texts["00120062"] == "NO" && sr.texts["00120063"] == nil)
    let pid = HL7Tests.segments(try HL7Renderer().render(report))[1]
    #expect(pid[3] == #"PID-77\F\1"# && pid[5] == "Muster^Erika" && pid[7] == "19580307" && pid[8] == "F")
    #expect(MarkdownRenderer().render(report).contains("Muster Erika"))
    for format in ReportFormat.allCases {
      let text = String(decoding: try format.render(Example.told()), as: UTF8.self)
      #expect(!text.contains("Muster"))
    }
  }
}
