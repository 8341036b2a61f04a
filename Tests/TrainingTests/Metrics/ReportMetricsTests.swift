import Foundation
import Testing
import Training

/// Values of sacrebleu, rouge-score, pycocoevalcap and scikit-learn; see Scripts/reference/report_fixtures.py.
private struct ReportFixture: Decodable {
  struct Texts: Decodable {
    var candidates: [String], references: [[String]], bleu: [Double], rougeL: Double, cider: Double
  }
  struct Findings: Decodable { var truth: [Set<Int>], stated: [Set<Int>], micro: Double, macro: Double }
  var english: Texts, chinese: Texts, findings: Findings

  static func read() throws -> ReportFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Reports/metrics.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
  }
}

@Suite("Metrics of reports")
struct ReportMetricsTests {
  @Test("BLEU, ROUGE-L and CIDEr of reports in both languages are those of the usual programs")
  func texts() throws {
    let fixture = try ReportFixture.read()
    for texts in [fixture.english, fixture.chinese] {
      let words = texts.candidates.map(Metrics.words)
      let known = texts.references.map { $0.map(Metrics.words) }
      for (found, wanted) in zip(Metrics.bleu(words, references: known), texts.bleu) {
        #expect(near(found, wanted, 1e-9))
      }
      #expect(near(Metrics.rougeL(words, references: known), texts.rougeL, 1e-9))
      #expect(near(Metrics.cider(words, references: known), texts.cider, 1e-9))
    }
  }

  @Test("CIDEr of nothing is nothing, and what every picture is called weighs nothing")
  func cider() {
    #expect(Metrics.cider([], references: []) == nil)
    let same = [["no", "finding"], ["no", "finding"]]
    #expect(Metrics.cider(same, references: same.map { [$0] }) == 0)
    let own = [["one"], ["two"]]
    // One of four orders agrees wholly.
    #expect(near(Metrics.cider(own, references: own.map { [$0] }), 2.5))
    #expect(Metrics.cider(own, references: own.reversed().map { [$0] }) == 0)
  }

  @Test("F1 of findings is scikit-learn's")
  func findings() throws {
    let fixture = try ReportFixture.read().findings
    let found = try #require(Metrics.setF1(fixture.stated, truth: fixture.truth))
    #expect(near(found.micro, fixture.micro) && near(found.macro, fixture.macro))
    #expect(Metrics.setF1([[1]], truth: [[]]) == nil)
    #expect(Metrics.setF1([[]], truth: [[1]])?.micro == 0)
  }
}
