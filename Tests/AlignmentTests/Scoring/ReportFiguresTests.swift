import Alignment
import Foundation
import Testing

@Suite("Figures of reports")
struct ReportFiguresTests {
  private func figures(own: Double?, frequent: Double?, nearest: Double?) throws -> ReportFigures {
    func scores(_ f1: Double?) -> String {
      #"{"bleu1":0.5,"bleu2":0.4,"bleu3":0.3,"bleu4":0.2,"rougeL":0.4,"cider":1,"distinct":0.5"#
        + (f1.map { ",\"findingF1\":\($0)" } ?? "") + "}"
    }
    let part =
      scores(own).dropLast() + ",\"n\":20,\"distinctReferences\":0.9,\"baselines\":{\"frequent\":"
      + scores(frequent) + (nearest == nil ? "" : ",\"nearest\":" + scores(nearest)) + "}"
    let json = part + #","baselinesFrom":"train","findings":["nodule"],"abnormal":"# + part + "}}"
    return try JSONDecoder().decode(ReportFigures.self, from: Data(json.utf8))
  }

  @Test("The scores of what was written stand at the top, and come back")
  func codes() throws {
    let figures = try figures(own: 0.8, frequent: 0, nearest: 0.5)
    let data = try JSONEncoder().encode(figures)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["bleu4"] as? Double == 0.2 && object["n"] as? Int == 20)
    #expect((object["abnormal"] as? [String: Any])?["findingF1"] as? Double == 0.8)
    let baselines = try #require(object["baselines"] as? [String: [String: Any]])
    #expect(baselines["nearest"]?["findingF1"] as? Double == 0.5)
    #expect(try JSONDecoder().decode(ReportFigures.self, from: data) == figures)
  }

  @Test("Only who beats both baselines on findings is not objected to")
  func objection() throws {
    #expect(try figures(own: 0.8, frequent: 0, nearest: 0.5).objection == nil)
    #expect(try figures(own: 0.8, frequent: 0, nearest: nil).objection == nil)
    // Nothing to judge by.
    #expect(try figures(own: nil, frequent: nil, nearest: nil).objection == nil)
    let behind = try #require(try figures(own: 0.4, frequent: 0.1, nearest: 0.5).objection)
    #expect(behind.contains("0.400") && behind.contains("nearest known scan (0.500)"))
    #expect(!behind.contains("frequent"))
    let equal = try #require(try figures(own: 0, frequent: 0, nearest: 0).objection)
    #expect(equal.contains("frequent") && equal.contains("nearest"))
  }
}
