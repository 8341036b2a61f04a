import Foundation
import Reports
import Testing

@Suite struct FHIRTests {
  static func resource(_ report: ReportDocument) throws -> [String: Any] {
    let text = try FHIRRenderer().render(report)
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("A preliminary DiagnosticReport with a withheld subject and what R4 asks for")
  func report() throws {
    let report = Example.report(), resource = try Self.resource(report)
    #expect(resource["resourceType"] as? String == "DiagnosticReport")
    #expect(resource["status"] as? String == "preliminary")
    #expect(resource["issued"] as? String == "2026-05-04T09:30:00Z")
    #expect(resource["conclusion"] as? String == "Left pleural effusion.")
    #expect(resource["subject"] as? [String: String] == ["display": "withheld"])
    let code = resource["code"] as? [String: Any]
    let coding = try #require((code?["coding"] as? [[String: String]])?.first)
    #expect(coding["system"] == "http://loinc.org" && coding["code"] == "18748-4")
    // Only elements that R4 knows.
    let known: Set = [
      "resourceType", "contained", "identifier", "status", "category", "code", "subject", "issued", "result",
      "conclusion", "presentedForm",
    ]
    #expect(Set(resource.keys).isSubset(of: known))
  }

  @Test("Contained Observations carry state and probability, and every reference leads somewhere")
  func observations() throws {
    let resource = try Self.resource(Example.report())
    let contained = try #require(resource["contained"] as? [[String: Any]])
    let ids = contained.compactMap { $0["id"] as? String }
    #expect(Set(ids).count == contained.count)
    let results = try #require(resource["result"] as? [[String: String]]).compactMap { $0["reference"] }
    #expect(results == ["#finding-1", "#finding-2", "#finding-3", "#human-read"])
    #expect(results.allSatisfy { ids.contains(String($0.dropFirst())) })
    let effusion = try #require(contained.first { $0["id"] as? String == "finding-2" })
    #expect(
      effusion["resourceType"] as? String == "Observation" && effusion["status"] as? String == "preliminary")
    let value = effusion["valueCodeableConcept"] as? [String: Any]
    #expect((value?["coding"] as? [[String: String]])?.first?["code"] == "LA9633-4")
    let components = try #require(effusion["component"] as? [[String: Any]])
    #expect(((components[0]["valueQuantity"] as? [String: Any])?["value"] as? NSNumber)?.doubleValue == 0.87)
    #expect(components.count == 2)
    #expect((effusion["device"] as? [String: String])?["reference"] == "#braid" && ids.contains("braid"))
    let read = try #require(contained.first { $0["id"] as? String == "human-read" })
    #expect(read["valueBoolean"] as? Bool == true)
    #expect((read["note"] as? [[String: String]])?.map { $0["text"] } == Example.report().reasons)
  }

  @Test("The readable report is attached")
  func attachment() throws {
    let form = try #require((try Self.resource(Example.report())["presentedForm"] as? [[String: Any]])?.first)
    let data = try #require((form["data"] as? String).flatMap { Data(base64Encoded: $0) })
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("not a diagnosis") && text.contains("Left pleural effusion."))
    #expect(form["contentType"] as? String == "text/markdown; charset=utf-8")
  }

  @Test("Hostile texts survive, and no findings leave nothing that hangs loose")
  func odd() throws {
    var report = Example.hostileReport()
    let contained = try #require(try Self.resource(report)["contained"] as? [[String: Any]])
    #expect(contained.contains { ($0["code"] as? [String: Any])?["text"] as? String == Example.hostile })
    report.findings = []
    let bare = try #require(try Self.resource(report)["contained"] as? [[String: Any]])
    #expect(bare.count == 1)
  }
}
