import Alignment
import Foundation
import Layers
import Tensors
import Testing
import Training

@Suite("Learning from rows without label")
struct TeacherTests {
  /// Three rows with labels, the others without.
  private func fewLabels(_ change: (inout UnlabelledLearning) -> Void) -> ToyTraining {
    var toy = ToyTraining(rows: 24)
    for row in 3..<24 { toy.data.train[row].labels = nil }
    toy.recipe.epochs = 8
    toy.recipe.unlabelled = UnlabelledLearning()
    toy.recipe.unlabelled.views = 0
    change(&toy.recipe.unlabelled)
    return toy
  }

  @Test("Only what is asked for is learned from")
  func switches() throws {
    let all: [(String, (inout UnlabelledLearning) -> Void)] = [
      ("views", { $0.views = 1 }),
      (
        "consistency labels",
        {
          $0.consistency = 1
          $0.confidence = 0
        }
      ), ("captions", { $0.captions = 1 }), ("masked", { $0.masked = 1 }),
    ]
    for (name, change) in all {
      let outcome = try fewLabels(change).train()
      #expect(outcome.history.last.map { Set($0.losses.keys) } == ["labels", "contrast", name])
      // What tells hidden parts is gone with the training.
      #expect(!outcome.model.parameters("").contains { $0.name.contains("masked") })
    }
    let none = try fewLabels { _ in }.train()
    #expect(none.history.last.map { Set($0.losses.keys) } == ["labels", "contrast"])
  }

  @Test("The teacher's answers to plain inputs, for rows without label, where it is sure")
  func targets() throws {
    let toy = fewLabels { _ in }
    let model = try toy.train().model
    let builder = BatchBuilder(vision: nil, series: toy.series, augmentation: toy.recipe.augmentation)
    let said = try Predictor(model: model, builder: builder).predict(toy.data.train, on: ReplicaTeam(1))
      .map { prediction in
        let powers = prediction.logits.map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    // Between two of the rows, where rounding decides nothing.
    let sorted = said.map { $0.max() ?? 0 }.sorted(), sure = (sorted[12] + sorted[13]) / 2
    let teacher = SlowTeacher(
      model: model, builder: builder, task: toy.task, precision: .f32, confidence: sure)
    let targets = try #require(teacher.targets(toy.data.train))
    #expect(targets.labels[0..<3].allSatisfy { $0 == nil })
    for row in 3..<24 {
      let isSure = (said[row].max() ?? 0) >= sure
      #expect((targets.labels[row] != nil) == isSure)
      if let labels = targets.labels[row] {
        #expect(zip(labels, said[row]).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
    #expect(targets.labels.contains { $0 != nil })
    #expect(teacher.targets(Array(toy.data.train[0..<3])) == nil)
  }

  @Test("Masked prediction gets better at what it is trained for")
  func masked() throws {
    var toy = fewLabels { $0.masked = 1 }
    toy.recipe.epochs = 20
    let history = try toy.train().history
    let first = try #require(history.first?.losses["masked"])
    let last = try #require(history.last?.losses["masked"])
    #expect(last < 0.8 * first)
  }

  @Test("The weight of consistency climbs and stays")
  func rampUp() {
    var learning = UnlabelledLearning()
    (learning.consistency, learning.rampUp) = (2, 0.4)
    #expect(learning.consistency(at: 0.4) == 2 && learning.consistency(at: 1) == 2)
    #expect(abs(learning.consistency(at: 0.2) - 2 * exp(-5 * Float(0.25))) < 1e-5)
    #expect(abs(learning.consistency(at: 0) - 2 * exp(Float(-5))) < 1e-5)
    learning.rampUp = 0
    #expect(learning.consistency(at: 0) == 2)
  }
}
