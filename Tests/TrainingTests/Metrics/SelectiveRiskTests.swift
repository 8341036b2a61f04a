import Testing
import Training

@Suite("Risk against coverage") struct SelectiveRiskTests {
  @Test("The surest answers come first") func order() throws {
    let risk = try #require(
      Metrics.selectiveRisk(
        confidences: [0.6, 0.9, 0.7, 0.8], correct: [false, true, false, true], coverages: [0.5, 0.75, 1]))
    #expect(risk.count == 4 && risk.coverages == [0.5, 0.75, 1])
    #expect(near(risk.risks[0], 0) && near(risk.risks[1], 1.0 / 3) && near(risk.risks[2], 0.5))
    // Risks of one to four answers: 0, 0, 1/3, 1/2.
    #expect(near(risk.area, (1.0 / 3 + 0.5) / 4))
    #expect(risk.risk(at: 0.75) == risk.risks[1] && risk.risk(at: 0.6) == nil)
  }

  @Test("Equally sure answers are wrong in equal parts wherever they are cut") func ties() throws {
    let confidences: [Float] = [0.9, 0.8, 0.8, 0.8, 0.7], correct = [true, false, true, true, false]
    let risk = try #require(
      Metrics.selectiveRisk(confidences: confidences, correct: correct, coverages: [0.2, 0.4, 0.6, 0.8, 1]))
    // The mean over the six orders in which the three equal answers can stand.
    let tied = [1, 2, 3]
    var wanted = [Double](repeating: 0, count: 5)
    for first in tied {
      for second in tied where second != first {
        let order = [0, first, second, 6 - first - second, 4]
        for count in 1...5 {
          wanted[count - 1] += Double(order.prefix(count).count { !correct[$0] }) / Double(count) / 6
        }
      }
    }
    for (found, mean) in zip(risk.risks, wanted) { #expect(near(found, mean)) }
    #expect(near(risk.area, wanted.reduce(0, +) / 5))
  }

  @Test("Nothing can be said of nothing, and one answer is always given") func edges() throws {
    #expect(Metrics.selectiveRisk(confidences: [], correct: []) == nil)
    #expect(Metrics.selectiveRisk(confidences: [.nan], correct: [true]) == nil)
    let one = try #require(Metrics.selectiveRisk(confidences: [0.5], correct: [false]))
    #expect(one.coverages.count == 20 && one.risks == [Double](repeating: 1, count: 20))
  }
}
