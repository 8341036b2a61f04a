import Alignment
import Encoders
import Foundation
import Testing
import Training

@Suite("Intervals of figures, and what a page of results shows")
struct IntervalTests {
  private let fixture: IntervalFixture

  init() throws { fixture = try IntervalFixture.read() }

  private func sample(
    _ id: Int, task: Int = 0, group: String? = nil, labels: [Float]? = nil, target: Float? = nil
  ) -> Sample {
    Sample(
      id: "\(id)", group: group, input: .series(SeriesWindow(values: [0], channels: 1, set: 0)), task: task,
      labels: labels, target: target, texts: [], inputKey: "\(id)")
  }

  /// Probabilities are given where logits would stand.
  private func evaluate(
    _ tasks: [LabelTask], _ samples: [Sample], _ predictions: [Prediction], resamples: Int,
    descriptions: [[[[Float]]]] = []
  ) -> Evaluation {
    var evaluator = Evaluator(tasks: tasks) { $1 }
    evaluator.resamples = resamples
    return evaluator.evaluate(
      samples, predictions, split: "test", descriptions: descriptions, texts: [:])
  }

  private func said(_ shares: [[Float]]) -> [Prediction] {
    shares.map { Prediction(logits: $0, value: nil, embedding: $0) }
  }

  private func same(_ found: [String: [Double]]?, _ wanted: [String: [Double]]) -> Bool {
    guard let found, Set(found.keys) == Set(wanted.keys) else { return false }
    return wanted.allSatisfy { name, bounds in
      let own = found[name] ?? []
      return own.count == 2 && zip(own, bounds).allSatisfy { abs($0 - $1) < 1e-6 }
    }
  }

  private let one = LabelTask(name: "one", labels: ["a", "b", "c", "d"], exclusive: true)

  @Test("Labels that exclude each other, whole groups drawn: as NumPy and scikit-learn")
  func exclusive() {
    let known = fixture.exclusive
    let samples = known.truth.indices.map {
      sample($0, group: known.groups[$0], labels: known.truth[$0])
    }
    let found = evaluate([one], samples, said(known.p), resamples: fixture.resamples)
    #expect(
      same(found.tasks[0].intervals, known.intervals), "\(String(describing: found.tasks[0].intervals))")
    var whole = known.intervals
    whole["balancedAccuracy"] = nil
    #expect(same(found.intervals, whole))
    #expect(found.resampling?.resamples == 1000 && found.resampling?.units == Set(known.groups).count)
    #expect(found.resampling?.isGrouped == true && found.resampling?.words.contains("1000 draws") == true)
    // Rows of a group taken for rows of their own give narrower or wider bounds, never the same.
    let alone = known.truth.indices.map { sample($0, labels: known.truth[$0]) }
    let single = evaluate([one], alone, said(known.p), resamples: fixture.resamples)
    #expect(!same(single.tasks[0].intervals, known.intervals) && single.resampling?.isGrouped == false)
    #expect(single.accuracy == found.accuracy)
  }

  @Test("Labels that can hold together, rows drawn: as NumPy and scikit-learn")
  func several() {
    let known = fixture.several
    let task = LabelTask(name: "some", labels: ["a", "b", "c"], exclusive: false)
    let samples = known.truth.indices.map { sample($0, labels: known.truth[$0]) }
    let found = evaluate([task], samples, said(known.p), resamples: fixture.resamples)
    #expect(
      same(found.tasks[0].intervals, known.intervals), "\(String(describing: found.tasks[0].intervals))")
    let counts = found.tasks[0].labelCounts ?? []
    #expect(counts.map(\.label) == ["a", "b", "c"])
    for (label, count) in counts.enumerated() {
      let pairs = zip(known.p, known.truth).map { ($0[label] >= 0.5, $1[label] > 0.5) }
      #expect(count.found == pairs.count { $0 == (true, true) })
      #expect(count.missed == pairs.count { $0 == (false, true) })
      #expect(count.wrong == pairs.count { $0 == (true, false) })
      #expect(count.found + count.missed + count.wrong + count.cleared == 60)
    }
    #expect(found.tasks[0].confusion == nil)
  }

  @Test("Numbers, whole machines drawn: as NumPy")
  func numbers() {
    let known = fixture.numbers
    let task = LabelTask(
      name: "life", labels: [], exclusive: true, target: .init(mean: 0, deviation: 1, low: -999, high: 999))
    let samples = known.truth.indices.map {
      sample($0, group: known.groups[$0], target: known.truth[$0])
    }
    let predictions = known.predicted.map { Prediction(logits: [], value: $0, embedding: [$0, 1]) }
    let found = evaluate([task], samples, predictions, resamples: fixture.resamples)
    #expect(same(found.intervals, known.intervals), "\(String(describing: found.intervals))")
    #expect(found.tasks[0].map?.names.count == 3)
  }

  @Test("Two tasks: the interval of the whole is that of the mean of both in the same draws")
  func together() {
    let known = fixture.exclusive
    var second = one
    second.name = "two"
    let both = known.truth.indices.flatMap { row in
      [0, 1].map { sample(row, task: $0, group: known.groups[row], labels: known.truth[row]) }
    }
    let shares = known.p.flatMap { [$0, $0] }
    let found = evaluate([one, second], both, said(shares), resamples: fixture.resamples)
    #expect(same(found.tasks[1].intervals, known.intervals))
    #expect(abs((found.intervals?["auroc"]?[0] ?? 0) - (known.intervals["auroc"]?[0] ?? 9)) < 1e-6)
  }

  @Test("Without draws, and with rows of one group alone, there are no intervals")
  func none() {
    let samples = [[1, 0], [0, 1], [1, 0]].enumerated().map {
      sample($0.offset, group: "g", labels: $0.element)
    }
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: true)
    let shares: [[Float]] = [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]]
    let off = evaluate([task], samples, said(shares), resamples: 0)
    #expect(off.intervals == nil && off.tasks[0].confusion == nil && off.tasks[0].map == nil)
    let single = evaluate([task], samples, said(shares), resamples: 50)
    #expect(single.intervals == nil && single.resampling == nil && single.tasks[0].intervals == nil)
    #expect(single.tasks[0].confusion != nil && single.accuracy == off.accuracy)
  }

  @Test("Confusion and reliability counted by hand")
  func byHand() throws {
    let task = LabelTask(name: "t", labels: ["a", "b"], exclusive: true)
    let truth: [[Float]] = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]]
    let shares: [[Float]] = [[0.9, 0.1], [0.88, 0.12], [0.3, 0.7], [0.25, 0.75], [0.9, 0.1]]
    let samples = truth.enumerated().map { sample($0.offset, labels: $0.element) }
    let figures = try #require(evaluate([task], samples, said(shares), resamples: 5).tasks.first)
    #expect(figures.confusion?.labels == ["a", "b"])
    #expect(figures.confusion?.counts == [[2, 1], [1, 1]])
    // 0.7 lies in the 11th bin of fifteen, 0.75 in the 12th, 0.88 and 0.9 in the 14th.
    let bins = try #require(figures.reliability?.bins)
    #expect(bins.map(\.bin) == [10, 11, 13] && bins.map(\.count) == [1, 1, 3])
    #expect(bins.map(\.accuracy) == [0, 1, 2.0 / 3])
    #expect(abs(bins[2].confidence - (0.9 + 0.88 + 0.9) / 3) < 1e-6)
    let error = (0.7 + 0.25 + abs(2.68 - 2)) / 5
    #expect(abs((figures.reliability?.ece ?? 9) - error) < 1e-6)
    #expect(figures.ece == figures.reliability?.ece)
    // The probabilities were given as logits, so that the plain ones are others.
    #expect(figures.uncalibrated != nil && figures.uncalibrated != figures.reliability)
  }

  @Test("A map shows the principal components, as NumPy finds them")
  func components() throws {
    let known = fixture.components
    let map = try #require(
      EmbeddingMap(
        known.points, names: ["a", "b"], of: known.points.indices.map { $0 % 2 }, texts: [known.text, nil]))
    #expect(zip(map.spread, known.spread).allSatisfy { abs($0 - $1) < 1e-6 })
    for (point, place) in zip(map.points, known.places) {
      #expect(
        abs(Double(point.x) - place[0] * 1000) <= 0.51 && abs(Double(point.y) - place[1] * 1000) <= 0.51)
    }
    #expect(map.points.map(\.name) == known.points.indices.map { $0 % 2 })
    #expect(map.texts.count == 1 && abs(Double(map.texts[0].x) - known.textPlace[0] * 1000) <= 0.51)
    let again = try JSONDecoder().decode(EmbeddingMap.self, from: JSONEncoder().encode(map))
    #expect(again == map)
    #expect(EmbeddingMap([[1, 2], [1, 2], [1, 2]], names: ["a"], of: [0, 0, 0], texts: []) == nil)
    let damaged = #"{"names": ["a"], "points": "1,2", "texts": "", "spread": []}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(EmbeddingMap.self, from: Data(damaged.utf8))
    }
  }
}
