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

  @Test("A label that cannot be learned is called weak instead of uncertain everywhere")
  func weak() throws {
    let task = LabelTask(name: "t", labels: ["seen", "unseen", "never"], exclusive: false)
    var rng = SeededGenerator(seed: 3)
    var logits: [[Float]] = [], truth: [[Float]] = []
    for row in 0..<2000 {
      let first: Float = row % 4 == 0 ? 1 : 0, second: Float = row % 20 < 2 ? 1 : 0
      logits.append([6 * first - 3 + rng.normal(), rng.normal(), rng.normal()])
      truth.append([first, second, 0])
    }
    let found = TaskCalibration(task, logits: logits, truth: truth)
    let rates = try #require(found.rates)
    #expect(rates.count == 3 && rates[0].positives == 500 && rates[1].positives == 200)
    #expect(try #require(rates[0].sensitivity) >= 0.95 && !rates[0].isWeak)
    #expect(rates[1].isWeak && rates[2].sensitivity == nil)
    // All rows of the second label have about its prevalence, 10 %.
    let states = logits.map { found.state(found.probabilities(task, $0)[1], label: 1) }
    #expect(states.count { $0 == .uncertain } < 20)
    for label in 0..<3 {
      #expect(found.absentBelow[label] >= 0.15 && found.absentBelow[label] <= found.presentFrom[label])
    }
  }

  @Test("Calibrations of before rates were measured are read, and nothing faint is uncertain by them")
  func old() throws {
    let text = #"{"absentBelow":[0.01],"presentFrom":[0.5],"slopes":[1],"offsets":[0],"rows":40}"#
    let old = try JSONDecoder().decode(TaskCalibration.self, from: Data(text.utf8))
    #expect(old.rates == nil)
    #expect(old.state(0.12, label: 0) == .absent && old.state(0.2, label: 0) == .uncertain)
    #expect(old.state(0.5, label: 0) == .present && old.state(.nan, label: 0) == .uncertain)
  }
}
