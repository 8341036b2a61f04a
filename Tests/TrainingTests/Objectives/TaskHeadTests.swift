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
}
