import Bundles
import Foundation
import Layers
import Testing
import Training

@Suite("Calibration of a task")
struct TaskCalibrationTests {
  @Test("The temperature that the labels were drawn with is found again")
  func temperature() throws {
    let task = LabelTask(name: "t", labels: ["a", "b", "c"], exclusive: true)
    var rng = SeededGenerator(seed: 1)
    var logits: [[Float]] = [], truth: [[Float]] = []
    for _ in 0..<6000 {
      let z = (0..<3).map { _ in 4 * rng.normal() }
      let powers = z.map { exp($0 / 2.5) }
      var draw = rng.uniform() * powers.reduce(0, +), label = 0
      while label < 2, draw >= powers[label] {
        draw -= powers[label]
        label += 1
      }
      logits.append(z)
      truth.append((0..<3).map { $0 == label ? 1 : 0 })
    }
    let found = TaskCalibration(task, logits: logits, truth: truth)
    #expect(abs(try #require(found.temperature) - 2.5) < 0.15)
    #expect(found.rows == 6000 && found.slopes == nil)
    let shares = found.probabilities(task, [5, 0, 0])
    #expect(abs(shares.reduce(0, +) - 1) < 1e-5 && abs(shares[0] - exp(2) / (exp(2) + 2)) < 0.03)
    for label in 0..<3 {
      #expect(found.absentBelow[label] <= 0.5 && found.presentFrom[label] >= 0.5)
      #expect(found.absentBelow[label] > 0)
    }
  }

  @Test("Labels of their own get slopes and offsets of their own")
  func platt() throws {
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: false)
    var rng = SeededGenerator(seed: 2)
    var logits: [[Float]] = [], truth: [[Float]] = []
    for _ in 0..<4000 {
      let z = [2 * rng.normal(), 2 * rng.normal()]
      func draw(_ x: Float) -> Float { rng.uniform() < 1 / (1 + exp(-x)) ? 1 : 0 }
      logits.append(z)
      truth.append([draw(2 * z[0] + 1), draw(0.5 * z[1] - 1)])
    }
    let found = TaskCalibration(task, logits: logits, truth: truth)
    let slopes = try #require(found.slopes), offsets = try #require(found.offsets)
    #expect(abs(slopes[0] - 2) < 0.25 && abs(slopes[1] - 0.5) < 0.1)
    #expect(abs(offsets[0] - 1) < 0.2 && abs(offsets[1] + 1) < 0.15)
    #expect(abs(found.probabilities(task, [0, 2])[1] - 0.5) < 0.05)
    #expect(found.temperature == nil)
  }

  @Test("With few rows nothing is changed")
  func few() {
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: true)
    let found = TaskCalibration(task, logits: [[1, 0], [0, 1]], truth: [[1, 0], [0, 1]])
    #expect(found == TaskCalibration(labels: 2) && found.rows == 0)
    let plain = found.probabilities(task, [1, 0])
    #expect(abs(plain[0] - 1 / (1 + exp(Float(-1)))) < 1e-6)
    #expect(found.absentBelow == [0.3, 0.3] && found.presentFrom == [0.7, 0.7])
  }
}
