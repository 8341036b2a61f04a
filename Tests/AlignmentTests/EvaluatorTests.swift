import Alignment
import Encoders
import Testing
import Training

@Suite("Scores of predictions")
struct EvaluatorTests {
  private func sample(
    _ id: String, task: Int = 0, labels: [Float]? = nil, target: Float? = nil, texts: [String] = []
  ) -> Sample {
    Sample(
      id: id, group: nil, input: .series(SeriesWindow(values: [0], channels: 1, set: 0)), task: task,
      labels: labels,
      target: target, texts: texts, inputKey: id)
  }

  private func evaluate(
    _ tasks: [LabelTask], _ samples: [Sample], _ predictions: [Prediction], descriptions: [[[[Float]]]] = [],
    texts: [String: [Float]] = [:]
  ) -> Evaluation {
    Evaluator(tasks: tasks) { Evaluator.plain(tasks[$0], $1) }
      .evaluate(samples, predictions, split: "test", descriptions: descriptions, texts: texts)
  }

  @Test("One label of two: figures counted by hand")
  func exclusive() throws {
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: true)
    let truth: [[Float]?] = [[1, 0], [1, 0], [0, 1], [0, 1], nil]
    let logits: [[Float]] = [[2, 0], [0, 1], [0, 3], [-1, 0.5], [9, 0]]
    let places: [[Float]] = [[1, 0], [1, 0], [0, 1], [0.8, 0.6], [1, 0]]
    let found = evaluate(
      [task], truth.enumerated().map { sample("\($0)", labels: $1) },
      zip(logits, places).map { Prediction(logits: $0, value: nil, embedding: $1) },
      descriptions: [[[[1, 0]], [[0, 1], [0, 1]]]])
    let figures = try #require(found.tasks.first)
    #expect(found.n == 5 && figures.n == 4)
    #expect(figures.accuracy == 0.75 && figures.balancedAccuracy == 0.75)
    #expect(abs((figures.macroF1 ?? 0) - (2.0 / 3 + 4.0 / 5) / 2) < 1e-9)
    #expect(figures.auroc == 1 && figures.aurocByLabel == [task.labels[0]: 1, task.labels[1]: 1])
    #expect(figures.zeroShot?.accuracy == 0.75)
    #expect(found.rmse == nil && found.retrieval == nil)
    #expect(abs((found.score ?? 0) - 0.875) < 1e-6)
  }

  @Test("Three labels: each is also a question of yes and no, and doubt is set against error")
  func questions() throws {
    let task = LabelTask(name: "t", labels: ["a", "b", "c"], exclusive: true)
    let shares: [[Float]] = [[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.3, 0.5, 0.2], [0.2, 0.45, 0.35]]
    let samples = [[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1]].enumerated().map {
      sample("\($0)", labels: $1)
    }
    var evaluator = Evaluator(tasks: [task]) { $1 }
    evaluator.resamples = 10
    let found = evaluator.evaluate(
      samples, shares.map { Prediction(logits: $0, value: nil, embedding: [1, 0]) }, split: "test",
      descriptions: [], texts: [:])
    let figures = try #require(found.tasks.first)
    // The two surest are right, the two others wrong.
    #expect(figures.selective?.risk(at: 0.5) == 0 && figures.selective?.risk(at: 1) == 0.5)
    let questions = try #require(figures.questions)
    #expect(questions.map(\.label) == ["a", "b", "c"])
    // "b" is said of the third alone, and of none is it true; "c" of none, and of the last it is true.
    #expect(questions.map { $0.selective?.risk(at: 1) } == [0.25, 0.25, 0.25])
    #expect(
      questions[0].selective?.risk(at: 0.75) == 1.0 / 3, "a wrong no at 0.7 comes before a right yes at 0.6")
    #expect(questions[2].selective?.risk(at: 0.75) == 0)
    // Of "c": 0.9 twice and right, 0.8 right, 0.65 wrong.
    #expect(abs((questions[2].ece ?? 0) - (0.2 + 0.2 + 0.65) / 4) < 1e-6)
  }

  @Test("Several labels: each a question of its own")
  func several() throws {
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: false)
    let found = evaluate(
      [task], [sample("1", labels: [1, 0]), sample("2", labels: [1, 1]), sample("3", labels: [0, 0])],
      [[2, -1], [1, -2], [3, -3]].map { Prediction(logits: $0, value: nil, embedding: [1]) })
    let figures = try #require(found.tasks.first)
    #expect(abs((figures.accuracy ?? 0) - 4.0 / 6) < 1e-9)
    #expect(figures.aurocByLabel?["a"] == 0 && figures.aurocByLabel?["b"] == 0.5)
    #expect(figures.auroc == 0.25)
    // a: two hits of three said and two true; b: none said, one true.
    #expect(abs((figures.macroF1 ?? 0) - 0.8 / 2) < 1e-9)
  }

  @Test("Numbers come back to their unit and stay in the range of training")
  func numbers() throws {
    let task = LabelTask(
      name: "life", labels: [], exclusive: true, target: .init(mean: 10, deviation: 2, low: 6, high: 14))
    let found = evaluate(
      [task], [sample("1", target: 12), sample("2", target: 14), sample("3")],
      [0.5, 5, 0].map { Prediction(logits: [], value: $0, embedding: [1]) })
    #expect(abs((found.rmse ?? 0) - 0.5.squareRoot()) < 1e-6)
    #expect(found.tasks.first?.n == 2)
    #expect(abs((found.score ?? 0) - Float(1 - 0.5.squareRoot() / 2)) < 1e-6)
  }

  @Test("Search counts inputs and texts once, and every text of an input as right")
  func retrieval() throws {
    let task = LabelTask(name: "t", labels: [], exclusive: true)
    var again = sample("4", texts: ["x"])
    again.inputKey = "1"
    let found = evaluate(
      [task], [sample("1", texts: ["x"]), sample("2", texts: ["y", "z"]), sample("3", texts: ["x"]), again],
      [[1, 0], [0, 1], [0.6, -0.8], [1, 0]].map { Prediction(logits: [], value: nil, embedding: $0) },
      texts: ["x": [1, 0], "y": [0.6, 0.8], "z": [-1, 0]])
    let retrieval = try #require(found.retrieval)
    #expect(retrieval.inputs == 3 && retrieval.texts == 3)
    #expect(retrieval.inputToText.r1 == 1)
    // z lies nearest to no input of its own: input 2 has 0 there, input 3 has -0.6, input 1 has -1.
    #expect(retrieval.textToInput.r1 == 1)
    let swapped = evaluate(
      [task], [sample("1", texts: ["x"]), sample("2", texts: ["y"])],
      [[0, 1], [1, 0]].map { Prediction(logits: [], value: nil, embedding: $0) },
      texts: ["x": [1, 0], "y": [0, 1]])
    #expect(swapped.retrieval?.textToInput.r1 == 0 && swapped.retrieval?.inputToText.r5 == 1)
  }
}
