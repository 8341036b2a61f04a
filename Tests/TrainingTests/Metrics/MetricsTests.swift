import Testing
import Training

struct MetricsTests {
  @Test func classificationAsScikitLearn() throws {
    let f = try MetricsFixture.read().classification
    #expect(near(Metrics.accuracy(f.predicted, truth: f.truth), f.accuracy))
    #expect(near(Metrics.balancedAccuracy(f.predicted, truth: f.truth), f.balanced))
    #expect(near(Metrics.macroF1(f.predicted, truth: f.truth), f.macroF1))
    #expect(Metrics.confusionMatrix(f.predicted, truth: f.truth, classes: 6) == f.confusion)
    #expect(Metrics.accuracy([], truth: []) == nil && Metrics.macroF1([], truth: []) == nil)
    #expect(Metrics.argmax([0, 1, 1, 5, 2, 3], classes: 3) == [1, 0])
  }

  @Test func rankingAsScikitLearn() throws {
    let f = try MetricsFixture.read().ranking
    #expect(near(Metrics.auroc(f.scores, positive: f.positive), f.auroc))
    #expect(near(Metrics.averagePrecision(f.scores, positive: f.positive), f.ap))
    #expect(near(Metrics.macroAUROC(f.probabilities, classes: 4, truth: f.truth), f.macroAUROC))
    let hot = f.truth.flatMap { label in (0..<4).map { Optional($0 == label) } }
    #expect(near(Metrics.macroAUROC(f.probabilities, labels: 4, positive: hot), f.macroAUROC))
    // Unknown labels are left out: spoilt scores without a label change nothing.
    let spoilt = Metrics.macroAUROC(
      f.probabilities + [0, 0, 0, 0], labels: 4, positive: hot + [nil, nil, nil, nil])
    #expect(near(spoilt, f.macroAUROC))
  }

  @Test func rankingWithoutAnAnswerIsNil() {
    #expect(Metrics.auroc([1, 2], positive: [true, true]) == nil)
    #expect(Metrics.auroc([1, .nan], positive: [true, false]) == nil)
    #expect(Metrics.auroc([], positive: []) == nil)
    #expect(Metrics.auroc([3, 3, 3], positive: [true, false, false]) == 0.5)
    #expect(Metrics.averagePrecision([1, 2], positive: [false, false]) == nil)
    #expect(Metrics.macroAUROC([1, 0, 1, 0], classes: 2, truth: [0, 0]) == nil)
  }

  @Test func probabilitiesAsScikitLearnAndThePaper() throws {
    let fixture = try MetricsFixture.read()
    let f = fixture.ranking
    #expect(near(Metrics.expectedCalibrationError(f.probabilities, classes: 4, truth: f.truth), f.ece, 1e-7))
    #expect(near(Metrics.brier(f.probabilities, classes: 4, truth: f.truth), f.brierMulti))
    #expect(near(Metrics.brier(f.probabilities, classes: 4, truth: f.truth), f.brierScikit, 1e-6))
    #expect(near(Metrics.brier(fixture.binary.p, positive: fixture.binary.y), fixture.binary.brier))
    #expect(near(Metrics.expectedCalibrationError(confidences: [0, 1, 1], correct: [false, true, true]), 0))
    #expect(near(Metrics.expectedCalibrationError(confidences: [1, 1], correct: [false, true]), 0.5))
  }

  @Test func regressionAsScikitLearn() throws {
    let f = try MetricsFixture.read().regression
    #expect(near(Metrics.rmse(f.predicted, truth: f.truth), f.rmse))
    #expect(near(Metrics.mae(f.predicted, truth: f.truth), f.mae))
    #expect(near(Metrics.nasaScore(f.predicted, truth: f.truth), f.nasa))
    #expect(Metrics.rmse([], truth: []) == nil)
  }

  @Test func retrievalAsSorting() throws {
    let f = try MetricsFixture.read().retrieval
    let recall = RetrievalRecall(similarity: f.similarity, rows: f.rows, columns: f.columns) {
      f.owner[$1] == $0
    }
    #expect(zip(recall.rowToColumn, f.rowToColumn).allSatisfy { near($0, $1) })
    #expect(zip(recall.columnToRow, f.columnToRow).allSatisfy { near($0, $1) })
    #expect(recall.rowsAsked == f.rowsAsked && recall.columnsAsked == f.columnsAsked)
    #expect(recall.rowToColumn.count == 3 && recall.ks == [1, 5, 10])
  }

  /// Embeddings that are all the same, or no numbers, find nothing.
  @Test(arguments: [Float(0.5), .nan])
  func collapsedEmbeddingsFindNothing(value: Float) {
    let recall = RetrievalRecall(
      similarity: [Float](repeating: value, count: 400), rows: 20, columns: 20, ks: [1, 10, 20]
    ) { $0 == $1 }
    #expect(recall.rowToColumn == [0, 0, 1] && recall.columnToRow == [0, 0, 1])
  }

  @Test func textsAsSacreBLEUAndNLTK() throws {
    let f = try MetricsFixture.read().texts
    let bleu = Metrics.bleu(f.candidates, references: f.references)
    #expect(bleu.count == 4 && zip(bleu, f.bleu).allSatisfy { near($0, $1) })
    #expect(near(Metrics.rougeL(f.candidates, references: f.references), f.rouge1))
    #expect(near(Metrics.rougeL(f.candidates, references: f.references, beta: 1.2), f.rouge12))
    #expect(Metrics.bleu([["a", "b"]], references: [[["c"]]]) == [0, 0, 0, 0])
    #expect(Metrics.bleu([[]], references: [[["c"]]]) == [0, 0, 0, 0])
    #expect(Metrics.rougeL([[], ["a"]], references: [[["c"]], [["a"]]]) == 0.5)
  }

  @Test func wordsOfATextForComparison() {
    #expect(
      Metrics.words("No pleural-effusion, 7.5 mm; É\n") == ["no", "pleural", "effusion", "7", "5", "mm", "é"])
    #expect(Metrics.words("左肺 nodule") == ["左", "肺", "nodule"])
    #expect(Metrics.words(" .,") == [])
  }

  @Test func bootstrapAsNumPy() throws {
    let f = try MetricsFixture.read().bootstrap
    let interval = Bootstrap.interval(count: f.values.count, resamples: 500, level: 0.9, seed: 9) { rows in
      rows.reduce(0.0) { $0 + Double(f.values[$1]) } / Double(rows.count)
    }
    #expect(near(interval?.lowerBound, f.lower) && near(interval?.upperBound, f.upper))
    #expect(Bootstrap.interval(count: 0) { _ in 1 } == nil)
    #expect(Bootstrap.interval(count: 3) { _ in nil } == nil)
    #expect(Bootstrap.interval(count: 3) { _ in 2 } == 2...2)
  }

  @Test func drawsOfSingleRowsAreThoseOfTheInterval() throws {
    let f = try MetricsFixture.read().bootstrap
    var means: [Double] = []
    Bootstrap.draws(units: Array(f.values.indices), resamples: 500, seed: 9) { times in
      means.append(zip(times, f.values).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 40)
    }
    let bounds = Bootstrap.bounds(means, level: 0.9)
    #expect(near(bounds?.lowerBound, f.lower) && near(bounds?.upperBound, f.upper))
    // Rows of a unit come together, as many times as there are units in all.
    Bootstrap.draws(units: [0, 1, 1, 2, 0], resamples: 20) { times in
      #expect(times[0] == times[4] && times[1] == times[2] && times[0] + times[1] + times[3] == 3)
    }
    Bootstrap.draws(units: [], resamples: 3) { _ in Issue.record("Nothing can be drawn.") }
    #expect(Bootstrap.bounds([]) == nil && Bootstrap.bounds([.nan, 4]) == 4...4)
  }

  @Test func rankedScoresOfDrawsAreThoseOfTheRowsDrawn() throws {
    let f = try MetricsFixture.read().ranking
    let ranked = try #require(RankedScores(f.scores, positive: f.positive))
    #expect(near(ranked.auroc(f.scores.map { _ in 1 }), f.auroc))
    Bootstrap.draws(units: Array(f.scores.indices), resamples: 20) { times in
      let rows = times.indices.flatMap { [Int](repeating: $0, count: times[$0]) }
      let whole = Metrics.auroc(rows.map { f.scores[$0] }, positive: rows.map { f.positive[$0] })
      #expect(near(ranked.auroc(times), whole ?? 9))
    }
    #expect(RankedScores([1, .nan], positive: [true, false]) == nil)
    #expect(RankedScores([1, 2], positive: [true, false])?.auroc([1, 0]) == nil)
  }

  @Test func reliabilityCountedByHand() {
    let bins = Metrics.reliability(
      confidences: [0, 0.05, 0.09, 1, 1, 0.5, .nan], correct: [true, false, true, true, false, true, true],
      bins: 10)
    #expect(
      bins
        == [
          ReliabilityBin(bin: 0, count: 3, confidence: (0.05 + 0.09) / 3, accuracy: 2.0 / 3),
          ReliabilityBin(bin: 4, count: 1, confidence: 0.5, accuracy: 1),
          ReliabilityBin(bin: 9, count: 2, confidence: 1, accuracy: 0.5),
        ].map { wanted in
          // Confidences are of single precision.
          var near = wanted
          if let found = bins.first(where: { $0.bin == wanted.bin }),
            abs(found.confidence - wanted.confidence) < 1e-7
          {
            near.confidence = found.confidence
          }
          return near
        })
  }
}
