import Layers
import Tensors
import Testing
import Training

@Suite("Linear learners", .timeLimit(.minutes(2)))
struct LinearLearnerTests {
  let team = ReplicaTeam(2)

  @Test(
    "Ridge classes: strength, weights, scores and probabilities of scikit-learn", arguments: [true, false])
  func ridgeClasses(dual: Bool) throws {
    let fixture = try LearnersFixture.read()
    let f = dual ? fixture.ridgeDual : fixture.ridgePrimal
    let model = try RidgeClassifier.fit(
      FeatureMatrix(f.x), labels: f.labels, classes: f.classes, folds: f.folds, on: team)
    #expect(near(model.strength, f.strength, 1e-4))
    #expect(near(model.temperature / (f.temperature ?? .nan), 1, 1e-3))
    let weights = try #require(model.tensors()["weights"])
    #expect(weights.shape == [f.classes, f.x[0].count])
    #expect(difference(weights.floats(), (f.coefficients ?? []).flatMap { $0 }) < 1e-4)
    let scores = f.x.flatMap { $0.withUnsafeBufferPointer(model.scores) }
    #expect(difference(scores, (f.scores ?? []).flatMap { $0 }) < 1e-3)
    let probabilities = f.x.flatMap { model.probabilities($0[...]) }
    #expect(difference(probabilities, f.probabilities.flatMap { $0 }) < 1e-3)
  }

  @Test("Logistic regression: strength and probabilities of scikit-learn", arguments: [true, false])
  func logistic(dual: Bool) throws {
    let fixture = try LearnersFixture.read()
    let f = dual ? fixture.logisticDual : fixture.logisticPrimal
    let model = try LogisticRegression.fit(
      FeatureMatrix(f.x), labels: f.labels, classes: f.classes, folds: f.folds, on: team)
    #expect(near(model.strength, f.strength, 1e-4))
    let probabilities = f.x.flatMap { model.probabilities($0[...]) }
    #expect(difference(probabilities, f.probabilities.flatMap { $0 }) < 1e-3)
  }

  @Test("Ridge numbers: strength, weights and values of scikit-learn", arguments: [true, false])
  func ridgeNumbers(dual: Bool) throws {
    let fixture = try LearnersFixture.read()
    let f = dual ? fixture.numberDual : fixture.numberPrimal
    let model = try RidgeRegression.fit(FeatureMatrix(f.x), targets: f.targets, folds: f.folds, on: team)
    #expect(near(model.strength, f.strength, 1e-4))
    #expect(difference(try #require(model.tensors()["weights"]).floats(), f.coefficients) < 1e-3)
    #expect(difference(f.x.map { model.value($0[...]) }, f.values) < 1e-3)
  }

  /// Larger than a block of the factors and a block of products, so that their seams are crossed: the gradient of the
  /// penalised squares vanishes at the solution.
  @Test("The solution over many blocks leaves no gradient", arguments: [(700, 720), (720, 700)])
  func blocks(rows: Int, columns: Int) throws {
    var rng = SeededGenerator(seed: 5)
    let values = (0..<rows * columns).map { _ in rng.normal() }
    let x = FeatureMatrix(rows: rows, columns: columns, values: values)
    let targets = (0..<rows).map { x[$0].prefix(5).reduce(0, +) + rng.normal() }
    let model = try RidgeRegression.fit(x, targets: targets, folds: (0..<rows).map { $0 % 2 }, on: team)
    let rest = (0..<rows).map { Double(targets[$0] - model.value(x[$0])) }
    #expect(abs(rest.reduce(0, +)) < 0.02)
    let weights = try #require(model.tensors()["weights"]).floats()
    let means = (0..<columns).map { column in
      (0..<rows).reduce(0.0) { $0 + Double(values[$1 * columns + column]) } / Double(rows)
    }
    for column in 0..<columns {
      let pull = (0..<rows).reduce(0.0) {
        $0 + (Double(values[$1 * columns + column]) - means[column]) * rest[$1]
      }
      let push = model.strength * Double(weights[column])
      #expect(abs(pull - push) < 0.05, "column \(column) of \(columns): \(pull) and \(push)")
    }
  }

  @Test("The same bits on any number of threads, and after storing")
  func threadsAndStorage() throws {
    let f = try LearnersFixture.read().ridgeDual
    let x = FeatureMatrix(f.x)
    let targets = f.labels.map { Float($0) }
    var seen: Set<[Float]> = []
    for threads in 1...3 {
      let team = ReplicaTeam(threads)
      let ridge = try RidgeClassifier.fit(x, labels: f.labels, classes: 3, seed: 4, on: team)
      let logistic = try LogisticRegression.fit(x, labels: f.labels, classes: 3, seed: 4, on: team)
      let number = try RidgeRegression.fit(x, targets: targets, seed: 4, on: team)
      let stored = (
        try RidgeClassifier(tensors: ridge.tensors()), try LogisticRegression(tensors: logistic.tensors()),
        try RidgeRegression(tensors: number.tensors())
      )
      seen.insert(
        f.x.flatMap {
          ridge.probabilities($0[...]) + logistic.probabilities($0[...]) + [number.value($0[...])]
        })
      // The temperature is stored in single precision.
      for row in f.x {
        #expect(difference(stored.0.probabilities(row[...]), ridge.probabilities(row[...])) < 1e-6)
        #expect(stored.1.probabilities(row[...]) == logistic.probabilities(row[...]))
        #expect(stored.2.value(row[...]) == number.value(row[...]))
      }
    }
    #expect(seen.count == 1)
  }

  @Test("Odd sets of rows are learnt from too")
  func oddSets() throws {
    /// Fits all, and tells whether what they say of the rows are numbers.
    func tells(_ rows: [[Float]], _ labels: [Int], classes: Int = 3, folds: [Int]? = nil) throws -> [[Float]]
    {
      let x = FeatureMatrix(rows)
      let ridge = try RidgeClassifier.fit(x, labels: labels, classes: classes, folds: folds, on: team)
      let logistic = try LogisticRegression.fit(x, labels: labels, classes: classes, folds: folds, on: team)
      let number = try RidgeRegression.fit(x, targets: labels.map { Float($0) }, folds: folds, on: team)
      return rows.map { row in
        for probabilities in [ridge.probabilities(row[...]), logistic.probabilities(row[...])] {
          #expect(probabilities.count == classes && abs(probabilities.reduce(0, +) - 1) < 1e-5)
          #expect(probabilities.allSatisfy { $0 >= 0 })
        }
        #expect(number.value(row[...]).isFinite)
        return ridge.probabilities(row[...])
      }
    }
    // One row, one class, rows all the same, fewer rows than folds, a class with one row, a given single fold.
    #expect(try tells([[1, 2]], [1])[0][1] > 0.5)
    #expect(
      try tells((0..<8).map { [Float($0), 1] }, [Int](repeating: 2, count: 8)).allSatisfy { $0[2] > 0.9 })
    _ = try tells([[Float]](repeating: [1, 1], count: 6), [0, 1, 2, 0, 1, 2])
    _ = try tells([[0, 1], [1, 0], [2, 2]], [0, 1, 1], classes: 2)
    _ = try tells([[-1, 0], [-2, 1], [-1, 1], [2, 0], [2, 1], [3, 0], [0, 5]], [0, 0, 0, 1, 1, 1, 2])
    _ = try tells([[-1, 0], [1, 0]], [0, 1], classes: 2, folds: [7, 7])
    _ = try tells([[-1, 0], [1, 0]], [0, 0], classes: 1)
    // What is no number counts as the mean, in learning and after.
    let clean: [[Float]] = [[-1, 0], [-2, 1], [0, 1], [2, 0], [2, 1], [3, 0]]
    var spoilt = clean
    spoilt[2][0] = .nan
    spoilt[3][1] = .infinity
    #expect(
      try tells(spoilt, [0, 0, 0, 1, 1, 1], classes: 2) == tells(clean, [0, 0, 0, 1, 1, 1], classes: 2))
  }

  @Test("What cannot be learnt from is refused")
  func refused() throws {
    func refuses(_ word: String, _ body: () throws -> Void) {
      do {
        try body()
        Issue.record("Not refused: \(word)")
      } catch { #expect("\(error)".contains(word), "\(error)") }
    }
    let x = FeatureMatrix([[1, 2], [3, 4]])
    let empty = FeatureMatrix(rows: 2, columns: 0, values: [])
    refuses("no features") { _ = try RidgeClassifier.fit(empty, labels: [0, 1], classes: 2, on: team) }
    refuses("no features") { _ = try LogisticRegression.fit(empty, labels: [0, 1], classes: 2, on: team) }
    refuses("no features") { _ = try RidgeRegression.fit(empty, targets: [0, 1], on: team) }
    refuses("no rows") {
      _ = try RidgeClassifier.fit(
        FeatureMatrix(rows: 0, columns: 2, values: []), labels: [], classes: 2, on: team)
    }
    refuses("The label 2") { _ = try RidgeClassifier.fit(x, labels: [0, 2], classes: 2, on: team) }
    refuses("1 answers") { _ = try LogisticRegression.fit(x, labels: [0], classes: 2, on: team) }
    refuses("folds for 1") { _ = try RidgeRegression.fit(x, targets: [0, 1], folds: [0], on: team) }
    refuses("target nan") { _ = try RidgeRegression.fit(x, targets: [0, .nan], on: team) }
  }

  @Test("Damaged tensors are refused")
  func damaged() throws {
    let x = FeatureMatrix([[1, 2], [3, 4], [2, 2]])
    let good = try RidgeClassifier.fit(x, labels: [0, 1, 1], classes: 2, on: team).tensors()
    for name in good.keys {
      var tensors = good
      tensors[name] = nil
      #expect(throws: TrainingError.self) { try RidgeClassifier(tensors: tensors) }
      tensors[name] = Tensor(repeating: 1, shape: [3])
      #expect(throws: TrainingError.self) { try RidgeClassifier(tensors: tensors) }
      tensors[name] = Tensor(repeating: .nan, shape: good[name]?.shape ?? [])
      #expect(throws: TrainingError.self) { try RidgeClassifier(tensors: tensors) }
    }
    var tensors = good
    tensors["temperature"] = Tensor(zeros: [1])
    #expect(throws: TrainingError.self) { try RidgeClassifier(tensors: tensors) }
    #expect(throws: TrainingError.self) { try RidgeRegression(tensors: good) }
    #expect(throws: TrainingError.self) { try LogisticRegression(tensors: [:]) }
  }
}
