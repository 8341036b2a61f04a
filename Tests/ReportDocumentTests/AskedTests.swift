import Foundation
import Reports
import Testing

/// What was asked for in words stands in every format with its warning, and is no finding of any.
@Suite struct AskedTests {
  private var report: ReportDocument {
    var report = Example.report()
    report.asked = [
      .init(
        label: "rib fracture", texts: ["a broken rib", "rib <cracked>"], similarity: 0.21347, share: 0.62),
      .init(label: "clear", texts: ["nothing is seen"], similarity: -0.1, share: 0.38),
    ]
    return report
  }

  private let warning = "Zero-shot, uncalibrated; not a finding."

  @Test func jsonKeepsItAndOthersLackIt() throws {
    let text = try report.json()
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let asked = try #require(object["zeroShot"] as? [[String: Any]])
    #expect(asked.map { $0["label"] as? String } == ["rib fracture", "clear"])
    #expect(asked.allSatisfy { $0["calibrated"] as? Bool == false })
    #expect((object["findings"] as? [Any])?.count == Example.report().findings.count)
    #expect(try ReportDocument(json: Data(text.utf8), place: "x") == report)
    #expect(try !Example.report().json().contains("zeroShot"))
    var broken = report
    broken.asked[1].share = 1.5
    #expect(throws: DocumentError.self) { try broken.json() }
  }

  @Test func pagesSayWhatItIs() {
    let markdown = MarkdownRenderer().render(report)
    #expect(markdown.contains("## Asked for in words"))
    #expect(
      markdown.contains(
        "rib fracture (“a broken rib; rib \\<cracked\\>”): similarity 0.213, 62 %. \(warning)"))
    let html = HTMLRenderer().render(report)
    #expect(
      html.contains("Asked for in words") && html.contains("rib &lt;cracked&gt;") && html.contains(warning))
    #expect(!MarkdownRenderer().render(Example.report()).contains("Asked for"))
    var chinese = report
    chinese.language = .zh
    #expect(MarkdownRenderer().render(chinese).contains("未经校准"))
  }

  @Test func formatsForMachinesCarryItAsNotes() throws {
    let fhir = try FHIRRenderer().render(report)
    #expect(fhir.components(separatedBy: warning).count == 3)
    let known = try FHIRTests.resources(Example.report())[0], resource = try FHIRTests.resources(report)[0]
    #expect((resource["result"] as? [Any])?.count == (known["result"] as? [Any])?.count)
    let hl7 = try HL7Renderer().render(report)
    #expect(hl7.components(separatedBy: "ZEROSHOT^Asked for in words^99BRAID").count == 3)
    let sr = try SRRenderer().render(report)
    #expect(sr.range(of: Data("clear (“nothing is seen”): similarity -0.1".utf8)) != nil)
  }
}
