import Alignment
import Encoders
import Foundation
import Testing
import Training

/// Figures worked out by hand on a few similarities.
@Suite struct ZeroShotScorerTests {
  private func sample(_ labels: [Float]?) -> Sample {
    Sample(
      id: "", group: nil, input: .image(Picture(side: 1, channels: 1, pixels: [0])), task: 0, labels: labels,
      target: nil, texts: [], inputKey: "")
  }

  private let task = LabelTask(name: "plant", labels: ["a", "b", "c"], exclusive: true)

  /// Rows of a, a, b, c, c and one without a label.
  private var samples: [Sample] {
    [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]].map { sample($0) } + [sample(nil)]
  }

  private let similarities: [[Float]] = [
    [0.9, 0.1, 0.2], [0.3, 0.4, 0.1], [0.1, 0.5, 0.6], [0.2, 0.1, 0.7], [0.6, 0.3, 0.5], [0, 0, 1],
  ]

  @Test func oneLabelARow() throws {
    let found = ZeroShotScorer.evaluation(
      samples, tasks: [task], similarities: similarities, split: "test", calls: nil)
    let figures = try #require(found.zeroShot)
    // Called: a, b, c, c, a.
    #expect(found.n == 5 && figures.accuracy == 0.4)
    // F1: a 1 of (2 called, 2 true) 0.5; b 0; c 0.5.
    let f1 = try #require(figures.macroF1), third = 1.0 / 3
    #expect(abs(f1 - third) < 1e-12)
    // Pairs in order: a 5 of 6, b 4 of 4, c 5 of 6.
    let auroc = try #require(figures.auroc), wanted = 8.0 / 9
    #expect(abs(auroc - wanted) < 1e-9)
    #expect(found.accuracy == nil && found.tasks[0].accuracy == nil)
  }

  @Test func anyNumberOfLabels() throws {
    var several = task
    several.exclusive = false
    let silent = ZeroShotScorer.evaluation(
      samples, tasks: [several], similarities: similarities, split: "test", calls: nil)
    #expect(silent.zeroShot?.accuracy == nil && silent.zeroShot?.auroc != nil)
    let called = ZeroShotScorer.evaluation(
      samples, tasks: [several], similarities: similarities, split: "test",
      calls: { $0.map { $0 >= 0.5 } })
    // Of 15 answers those wrong: row 2 a; row 3 c; row 5 a.
    let accuracy = try #require(called.zeroShot?.accuracy)
    #expect(abs(accuracy - 0.8) < 1e-12)
  }

  @Test func labelsLeftOutOfTraining() throws {
    let found = ZeroShotScorer.leftOut(["a", "c"], samples, tasks: [task], similarities: similarities)
    let figures = try #require(found.tasks.first)
    #expect(figures.labels == ["a", "c"] && figures.n == 4 && figures.allLabels == 3)
    // Among all: a right, b wrong, c right, a wrong. Between a and c: a, a, c, a.
    #expect(figures.accuracyAmongAll == 0.5 && figures.accuracyAmongLeftOut == 0.75)
    // Against all rows: a 5 of 6, c 5 of 6. Without the row of b: a 3 of 4, c 4 of 4.
    let among = try #require(figures.aurocAmongAll), inside = try #require(figures.aurocAmongLeftOut)
    #expect(abs(among * 6 - 5) < 1e-9)
    #expect(abs(inside - 0.875) < 1e-9)
    #expect(figures.accuracyOfKnown == 0)
    let single = ZeroShotScorer.leftOut(["c"], samples, tasks: [task], similarities: similarities).tasks[0]
    #expect(single.accuracyAmongLeftOut == nil && single.aurocAmongLeftOut == nil && single.n == 2)
  }
}
