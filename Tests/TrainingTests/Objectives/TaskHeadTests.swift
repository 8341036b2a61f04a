import Foundation
import Layers
import Tensors
import Testing
import Training

@Suite("Heads of one task")
struct TaskHeadTests {
  private func head(_ task: LabelTask, smoothing: Float = 0) -> TaskHead {
    var rng = SeededGenerator(seed: 1)
    return TaskHead(task, width: 6, dropout: 0, smoothing: smoothing, using: &rng)
  }

  private func encoded(_ rows: Range<Int>) -> Encoded {
    var rng = SeededGenerator(seed: 2)
    let all = (0..<4 * 6).map { _ in rng.normal() }
    let values = Array(all[rows.lowerBound * 6..<rows.upperBound * 6])
    return Encoded(
      tokens: Tensor(values, shape: [rows.count, 1, 6]), summary: Tensor(values, shape: [rows.count, 6]))
  }

  private let labels: [[Float]?] = [[1, 0, 0], nil, [0, 0, 1], [0, 1, 0]]
  private let values: [Float?] = [nil, 0.2, 3, nil]

  private func losses(_ head: TaskHead, _ rows: Range<Int>) -> [String: (sum: Float, count: Float)] {
    var rng = SeededGenerator(seed: 3)
    let targets = BatchTargets(
      task: 0, labels: Array(labels[rows]), values: Array(values[rows]), texts: rows.map { _ in nil })
    return Dictionary(
      uniqueKeysWithValues: head.losses(encoded(rows), targets, on: Tape(.training), using: &rng)
        .map { ($0.name, ($0.sum.item, $0.count)) })
  }

  @Test("Losses of the parts of a batch add up to those of the whole", arguments: [true, false])
  func parts(_ exclusive: Bool) throws {
    let head = head(
      LabelTask(
        name: "t", labels: ["a", "b", "c"], exclusive: exclusive,
        target: .init(mean: 0, deviation: 1, low: -1, high: 1)), smoothing: 0.1)
    let whole = losses(head, 0..<4), first = losses(head, 0..<2), second = losses(head, 2..<4)
    for name in ["labels", "values"] {
      let all = try #require(whole[name]), a = try #require(first[name]), b = try #require(second[name])
      #expect(all.count == a.count + b.count)
      #expect(abs(all.sum - a.sum - b.sum) < 1e-4)
      #expect(all.sum > 0)
    }
    #expect(whole["labels"]?.count == 3 && whole["values"]?.count == 2)
  }

  @Test("Weights of labels count rows several times, where labels exclude each other") func weighted() throws
  {
    let task = LabelTask(name: "t", labels: ["a", "b", "c"], exclusive: true)
    var weighted = head(task)
    let plain = (0..<4).map { losses(weighted, $0..<$0 + 1)["labels"]?.sum ?? 0 }
    weighted.labelWeights = [2, 1, 5]
    let found = try #require(losses(weighted, 0..<4)["labels"])
    #expect(found.count == 8)
    #expect(abs(found.sum - (2 * plain[0] + 5 * plain[2] + plain[3])) < 1e-4)
    var several = head(LabelTask(name: "t", labels: ["a", "b", "c"], exclusive: false))
    let before = losses(several, 0..<4)["labels"]?.sum
    several.labelWeights = [2, 1, 5]
    #expect(losses(several, 0..<4)["labels"]?.sum == before)
  }

  @Test("Rows without label or number have no loss")
  func unlabelled() {
    let head = head(LabelTask(name: "t", labels: ["a", "b", "c"], exclusive: true))
    #expect(losses(head, 1..<2).isEmpty)
    #expect(Set(losses(head, 0..<4).keys) == ["labels"])
  }

  @Test("Answers have the shape of the task")
  func answers() {
    let both = head(
      LabelTask(
        name: "t", labels: ["a", "b", "c"], exclusive: true,
        target: .init(mean: 0, deviation: 1, low: 0, high: 1))
    ).answers(encoded(0..<4), task: 0, on: Tape(.inference))
    #expect(both.logits?.shape == [4, 3] && both.values?.shape == [4])
    let one = head(
      LabelTask(name: "t", labels: [], exclusive: true, target: .init(mean: 0, deviation: 1, low: 0, high: 1))
    )
    .answers(encoded(0..<4), task: 0, on: Tape(.inference))
    #expect(one.logits == nil && one.values?.shape == [4])
  }

  @Test("Each label takes from the places what its attention finds there")
  func places() throws {
    var rng = SeededGenerator(seed: 5)
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: false)
    let head = TaskHead(task, width: 4, tokens: 4, dropout: 0, using: &rng)
    let values = (0..<3 * 4).map { _ in rng.normal() }
    let input = Encoded(
      tokens: Tensor(values, shape: [1, 3, 4]), summary: Tensor([1, -1, 2, 0], shape: [1, 4]))
    let found = try #require(head.answers(input, task: 0, on: Tape(.inference)).logits).floats()

    let weights = Dictionary(
      uniqueKeysWithValues: head.parameters("h").map { ($0.name, $0.tensor.floats().map(Double.init)) })
    let attention = try #require(weights["h.places.attention.weight"])
    let evidence = try #require(weights["h.places.evidence.weight"])
    let whole = try #require(weights["h.labels.weight"])
    func normal(_ x: [Double]) -> [Double] {
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
      return x.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
    }
    func dot(_ row: Int, _ matrix: [Double], _ x: [Double]) -> Double {
      (0..<4).reduce(0) { $0 + matrix[row * 4 + $1] * x[$1] }
    }
    let tokens = (0..<3).map { place in normal((0..<4).map { Double(values[place * 4 + $0]) }) }
    for label in 0..<2 {
      let scores = tokens.map { exp(dot(label, attention, $0)) }
      let answer =
        zip(scores, tokens).reduce(0) { $0 + $1.0 * dot(label, evidence, $1.1) } / scores.reduce(0, +)
      #expect(abs(Double(found[label]) - answer - dot(label, whole, normal([1, -1, 2, 0]))) < 1e-5)
    }
  }

  @Test("Labels of which one holds go by the summary alone")
  func exclusive() {
    var rng = SeededGenerator(seed: 5)
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: true)
    let head = TaskHead(task, width: 4, tokens: 4, using: &rng)
    #expect(!head.parameters("h").contains { $0.name.contains("places") })
  }
}
