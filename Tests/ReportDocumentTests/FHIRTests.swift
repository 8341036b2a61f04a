import Foundation
import Reports
import Testing

@Suite struct FHIRTests {
  static func resources(_ report: ReportDocument) throws -> [[String: Any]] {
    let text = try FHIRRenderer().render(report)
    let bundle = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(bundle["resourceType"] as? String == "Bundle" && bundle["type"] as? String == "collection")
    return try #require(bundle["entry"] as? [[String: Any]]).compactMap { $0["resource"] as? [String: Any] }
  }

  static func all(_ type: String, _ report: ReportDocument) throws -> [[String: Any]] {
    try resources(report).filter { $0["resourceType"] as? String == type }
  }

  @Test(
    "Bundles are valid R4, whatever the texts hold",
    arguments: [
      Example.report(), Example.hostileReport(), Example.report(needsHumanRead: false), Example.told(),
      Example.identified(), Example.signed(),
    ])
  func valid(report: ReportDocument) throws {
    #expect(FHIRSchema.problems(try FHIRRenderer().render(report)) == [])
  }

  @Test("The schema finds what is wrong")
  func schema() throws {
    let text = try FHIRRenderer().render(Example.report())
    for (right, wrong) in [
      ("\"status\": \"preliminary\"", "\"status\": \"draft\""), ("\"issued\"", "\"issuedAt\""),
      ("\"valueBoolean\": true", "\"valueBoolean\": \"yes\""), ("\"code\": {", "\"kode\": {"),
      ("2026-05-04T09:30:00Z", "yesterday"), ("\"reference\": \"urn:uuid:", "\"reference\": \"urn:uuid:0"),
    ] {
      let broken = text.replacing(right, with: wrong, maxReplacements: 1)
      #expect(broken != text && FHIRSchema.problems(broken) != [], "\(wrong)")
    }
  }

  @Test("A preliminary DiagnosticReport with a withheld subject, the study and the device")
  func report() throws {
    let example = Example.told()
    let resource = try #require(try Self.all("DiagnosticReport", example).first)
    #expect(resource["status"] as? String == "preliminary")
    #expect(resource["issued"] as? String == "2026-05-04T09:30:00Z")
    #expect(resource["conclusion"] as? String == "Left pleural effusion.")
    #expect(resource["subject"] as? [String: String] == ["display": "withheld"])
    let identifiers = try #require(resource["identifier"] as? [[String: Any]])
    #expect(identifiers.first?["value"] as? String == "urn:uuid:" + example.id)
    let code = resource["code"] as? [String: Any]
    let coding = try #require((code?["coding"] as? [[String: String]])?.first)
    #expect(coding["system"] == "http://loinc.org" && coding["code"] == "18748-4")
    #expect((resource["result"] as? [Any])?.count == 4)
    #expect(try Self.all("ImagingStudy", example).first?["numberOfInstances"] as? Int == 3)
    #expect(try Self.all("Device", example).count == 1 && Self.all("Patient", example).isEmpty)
  }

  @Test("Observations carry state, probability, place, size and the sentences that rest on them")
  func observations() throws {
    let all = try Self.all("Observation", Example.told())
    let effusion = try #require(
      all.first { ($0["code"] as? [String: Any])?["text"] as? String == "Pleural effusion" })
    let value = effusion["valueCodeableConcept"] as? [String: Any]
    #expect((value?["coding"] as? [[String: String]])?.first?["code"] == "LA9633-4")
    let components = try #require(effusion["component"] as? [[String: Any]])
    #expect(
      components.compactMap { ($0["valueQuantity"] as? [String: Any])?["value"] as? Double } == [0.87, 14])
    #expect((effusion["bodySite"] as? [String: String])?["text"] == "left, lower zone")
    #expect(
      (effusion["note"] as? [[String: String]])?.first?["text"] == "Blunted left costophrenic angle.")
    let read = try #require(all.first { $0["valueBoolean"] != nil })
    #expect(read["valueBoolean"] as? Bool == true)
    #expect(
      (read["note"] as? [[String: String]])?.compactMap { $0["text"] }
        == Example.report().reasons + Example.told().privacy.map(\.text))
  }

  @Test("The readable report is attached")
  func attachment() throws {
    let report = try #require(try Self.all("DiagnosticReport", Example.report()).first)
    let form = try #require((report["presentedForm"] as? [[String: Any]])?.first)
    let data = try #require((form["data"] as? String).flatMap { Data(base64Encoded: $0) })
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("not a diagnosis") && text.contains("Left pleural effusion."))
    #expect(form["contentType"] as? String == "text/markdown; charset=utf-8")
  }

  @Test("The patient is named where that was asked for")
  func patient() throws {
    let report = Example.identified()
    let patient = try #require(try Self.all("Patient", report).first)
    let name = try #require((patient["name"] as? [[String: Any]])?.first)
    #expect(name["family"] as? String == "Muster" && name["given"] as? [String] == ["Erika"])
    #expect(patient["birthDate"] as? String == "1958-03-07" && patient["gender"] as? String == "female")
    let subject = try Self.all("DiagnosticReport", report).first?["subject"] as? [String: String]
    #expect(subject?["reference"]?.hasPrefix("urn:uuid:") == true)
  }
}
