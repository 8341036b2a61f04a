import Layers
import Tensors
import Testing
import Training

@Suite("Extremely randomised trees", .timeLimit(.minutes(2)))
struct ExtraTreesTests {
  let team = ReplicaTeam(2)

  /// Share of rows not learnt from whose likeliest class is theirs.
  private func accuracy(_ f: LearnersFixture.Forest, _ trees: ExtraTrees) -> Double {
    let guesses = f.x[f.train...].map { row in
      let p = trees.outputs(row[...])
      return p.indices.max { p[$0] < p[$1] } ?? 0
    }
    return Double(zip(guesses, f.labels[f.train...]).count { $0 == $1 }) / Double(guesses.count)
  }

  @Test("Two moons: as accurate as scikit-learn's to 1.5 %")
  func moons() throws {
    let f = try LearnersFixture.read().trees.moons
    let trees = try ExtraTrees.classify(
      f.learnt, labels: Array(f.labels[..<f.train]), classes: 2, options: .init(seed: 1), on: team)
    #expect(abs(accuracy(f, trees) - f.reached) < 0.015, "\(accuracy(f, trees)) and \(f.reached)")
  }

  @Test("Three classes among 40 features: as accurate as scikit-learn's to 3 %")
  func wide() throws {
    let f = try LearnersFixture.read().trees.wide
    let trees = try ExtraTrees.classify(
      f.learnt, labels: Array(f.labels[..<f.train]), classes: 3,
      options: .init(share: 0.3, minimumLeaf: 2, seed: 1), on: team)
    #expect(abs(accuracy(f, trees) - f.reached) < 0.03, "\(accuracy(f, trees)) and \(f.reached)")
  }

  @Test("Friedman's numbers: R² of scikit-learn's to 0.02")
  func friedman() throws {
    let f = try LearnersFixture.read().trees.friedman
    let trees = try ExtraTrees.regress(
      f.learnt, targets: Array(f.y[..<f.train]), options: .init(share: 1, minimumLeaf: 2, seed: 1), on: team)
    #expect(trees.classes == 0 && trees.outputCount == 1)
    #expect(abs(r2(f, trees) - f.reached) < 0.02, "\(r2(f, trees)) and \(f.reached)")
  }

  private func r2(_ f: LearnersFixture.Forest, _ trees: ExtraTrees) -> Double {
    let truth = f.y[f.train...].map(Double.init)
    let mean = truth.reduce(0, +) / Double(truth.count)
    let rest = zip(f.x[f.train...], truth).reduce(0.0) { sum, pair in
      let error = Double(trees.outputs(pair.0[...])[0]) - pair.1
      return sum + error * error
    }
    return 1 - rest / truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// More rows than a node may hold to be read by rows, with weights, so that the way by columns runs too.
  @Test("Many rows are read by column", arguments: [0, 3])
  func tall(classes: Int) throws {
    var rng = SeededGenerator(seed: 3)
    let rows = (0..<2600).map { _ in (0..<12).map { _ in rng.normal() } }
    let signal = rows.map { 2 * $0[3] - $0[7] }
    let x = FeatureMatrix(Array(rows[..<2000]))
    let options = ExtraTrees.Options(trees: 40, share: 1, minimumLeaf: 3)
    let labels = signal.map { $0 < -1 ? 0 : $0 < 1 ? 1 : 2 }
    let trees =
      classes == 0
      ? try ExtraTrees.regress(x, targets: Array(signal[..<2000]), options: options, on: team)
      : try ExtraTrees.classify(
        x, labels: Array(labels[..<2000]), classes: 3, weights: [Float](repeating: 2, count: 2000),
        options: options, on: team)
    if classes == 0 {
      let rest = (2000..<2600).map { trees.outputs(rows[$0][...])[0] - signal[$0] }
      #expect(rest.reduce(0) { $0 + $1 * $1 } / 600 < 0.25)
    } else {
      let right = (2000..<2600).count { row in
        let p = trees.outputs(rows[row][...])
        return p[labels[row]] == p.max()
      }
      #expect(right > 540)
    }
    // The first question of a tree is the tallest: nearly always one of the two features that matter.
    let stored = trees.tensors()
    let features = try #require(stored["feature"]).floats()
    var (first, asked) = (0, [Float]())
    for count in try #require(stored["counts"]).floats() {
      asked.append(features[first])
      first += Int(count)
    }
    #expect(asked.count { $0 == 3 } >= 20 && asked.count { $0 == 3 || $0 == 7 } >= 35, "\(asked)")
  }

  @Test("Trees fit the rows that they grew on, down to single rows")
  func fitsItsRows() throws {
    let f = try LearnersFixture.read().trees
    let labels = f.moons.labels
    let moons = try ExtraTrees.classify(
      FeatureMatrix(f.moons.x), labels: labels, classes: 2, options: .init(trees: 5), on: team)
    for (row, label) in zip(f.moons.x, labels) { #expect(moons.outputs(row[...])[label] == 1) }
    let friedman = try ExtraTrees.regress(
      FeatureMatrix(f.friedman.x), targets: f.friedman.y, options: .init(trees: 5), on: team)
    for (row, y) in zip(f.friedman.x, f.friedman.y) { #expect(abs(friedman.outputs(row[...])[0] - y) < 1e-3) }
  }

  @Test("No leaf holds fewer rows than asked", arguments: [1, 4, 50])
  func minimumLeaf(_ least: Int) throws {
    let f = try LearnersFixture.read().trees.friedman
    let trees = try ExtraTrees.regress(
      f.learnt, targets: Array(f.y[..<f.train]), options: .init(trees: 1, share: 1, minimumLeaf: least),
      on: team)
    // Leaves have values of their own here, all being means of different rows.
    var rows: [Float: Int] = [:]
    for row in f.x[..<f.train] { rows[trees.outputs(row[...])[0], default: 0] += 1 }
    #expect(rows.values.allSatisfy { $0 >= least })
    #expect(rows.count > f.train / (4 * least) && rows.count <= f.train / least)
    let leaves = try #require(trees.tensors()["feature"]).floats().count { $0 < 0 }
    #expect(leaves == rows.count || least == 1)
  }

  @Test("The same seed gives the same trees on any number of threads; another seed others")
  func determinism() throws {
    let f = try LearnersFixture.read().trees.wide
    func grow(_ seed: UInt64, _ threads: Int) throws -> [Float] {
      let trees = try ExtraTrees.classify(
        f.learnt, labels: Array(f.labels[..<f.train]), classes: 3, options: .init(trees: 9, seed: seed),
        on: ReplicaTeam(threads))
      return ["counts", "feature", "threshold", "leaves"].flatMap { trees.tensors()[$0]?.floats() ?? [] }
    }
    let first = try grow(1, 1)
    #expect(try grow(1, 2) == first && grow(1, 3) == first)
    #expect(try grow(2, 1) != first)
  }

  @Test("Weights count as rows, and rows of weight 0 not at all")
  func weights() throws {
    // No feature varies: the only leaf shows the shares.
    let x = FeatureMatrix(rows: 4, columns: 2, values: [Float](repeating: 1, count: 8))
    let trees = try ExtraTrees.classify(
      x, labels: [0, 0, 1, 2], classes: 4, weights: [1, 1, 6, 0], options: .init(trees: 3), on: team)
    #expect(difference(trees.outputs([1, 1]), [0.25, 0.75, 0, 0]) < 1e-6)
    let plain = try ExtraTrees.classify(x, labels: [0, 0, 1, 2], classes: 3, on: team)
    #expect(difference(plain.outputs([1, 1]), [0.5, 0.25, 0.25]) < 1e-6)
  }

  @Test("Only one feature in many varies: it is found")
  func constantFeatures() throws {
    var rows = [[Float]](repeating: (0..<400).map { $0 % 7 == 0 ? 0.5 : 2 }, count: 20)
    for row in rows.indices { rows[row][333] = Float(row) }
    let labels = (0..<20).map { $0 < 10 ? 0 : 1 }
    let trees = try ExtraTrees.classify(FeatureMatrix(rows), labels: labels, classes: 2, on: team)
    for (row, label) in zip(rows, labels) { #expect(trees.outputs(row[...])[label] == 1) }
    // Varies in two rows only, so that most draws of a split see nothing of it but two constants.
    var rare = [[Float]](repeating: [Float](repeating: 1, count: 900), count: 12)
    for column in stride(from: 0, to: 900, by: 2) { rare[0][column] = 0 }
    rare[1][77] = 3
    rare[2][501] = 3
    let own = [0, 1, 2] + [Int](repeating: 3, count: 9)
    let sparse = try ExtraTrees.classify(FeatureMatrix(rare), labels: own, classes: 4, on: team)
    for (row, label) in zip(rare, own) { #expect(sparse.outputs(row[...])[label] == 1) }
  }

  @Test("Odd sets of rows: one row, one class, what is no number")
  func oddSets() throws {
    let one = FeatureMatrix([[1, 2]])
    #expect(try ExtraTrees.classify(one, labels: [1], classes: 3, on: team).outputs([0, 0]) == [0, 1, 0])
    #expect(try ExtraTrees.regress(one, targets: [7], on: team).outputs([0, 0]) == [7])
    let rows: [[Float]] = [[-1, 0], [-2, 1], [0, 1], [2, 0], [2, 1], [3, 0]]
    var spoilt = rows
    spoilt[2][0] = .nan
    spoilt[3][1] = -.infinity
    let labels = [0, 0, 1, 1, 2, 2]
    let clean = try ExtraTrees.classify(FeatureMatrix(rows), labels: labels, classes: 3, on: team)
    let other = try ExtraTrees.classify(FeatureMatrix(spoilt), labels: labels, classes: 3, on: team)
    for (row, damaged) in zip(rows, spoilt) {
      #expect(clean.outputs(row[...]) == other.outputs(row[...]))
      #expect(clean.outputs(damaged[...]) == clean.outputs(row[...]))
    }
  }

  @Test("What trees cannot grow from is refused")
  func refused() throws {
    let x = FeatureMatrix([[1, 2], [3, 4]])
    let empty = FeatureMatrix(rows: 2, columns: 0, values: [])
    #expect(throws: TrainingError.self) {
      try ExtraTrees.classify(empty, labels: [0, 1], classes: 2, on: team)
    }
    #expect(throws: TrainingError.self) { try ExtraTrees.classify(x, labels: [0, 2], classes: 2, on: team) }
    #expect(throws: TrainingError.self) { try ExtraTrees.regress(x, targets: [0, .nan], on: team) }
    #expect(throws: TrainingError.self) { try ExtraTrees.regress(x, targets: [0], on: team) }
    for weights: [Float] in [[0, 0], [1], [1, -1], [1, .nan]] {
      #expect(throws: TrainingError.self) {
        try ExtraTrees.classify(x, labels: [0, 1], classes: 2, weights: weights, on: team)
      }
    }
    for options: ExtraTrees.Options in [.init(trees: 0), .init(share: .nan), .init(minimumLeaf: 0)] {
      #expect(throws: TrainingError.self) {
        try ExtraTrees.regress(x, targets: [0, 1], options: options, on: team)
      }
    }
  }

  @Test("Stored trees say the same", arguments: [0, 3])
  func storage(classes: Int) throws {
    let f = try LearnersFixture.read().trees
    let options = ExtraTrees.Options(trees: 7, minimumLeaf: 2)
    let (trees, rows) =
      classes == 0
      ? (
        try ExtraTrees.regress(
          FeatureMatrix(f.friedman.x), targets: f.friedman.y, options: options, on: team), f.friedman.x
      )
      : (
        try ExtraTrees.classify(
          FeatureMatrix(f.wide.x), labels: f.wide.labels, classes: 3, options: options, on: team), f.wide.x
      )
    let again = try ExtraTrees(tensors: trees.tensors())
    #expect(again.columns == trees.columns && again.classes == classes && again.trees == 7)
    for row in rows { #expect(again.outputs(row[...]) == trees.outputs(row[...])) }
  }

  @Test("Damaged tensors are refused")
  func damaged() throws {
    // One question with two leaves, then a tree of one leaf.
    let good: [String: Tensor] = [
      "sizes": Tensor([2, 2], shape: [2]), "counts": Tensor([3, 1], shape: [2]),
      "feature": Tensor([1, -1, -1, -1], shape: [4]), "threshold": Tensor([0.5, 0, 1, 1], shape: [4]),
      "leaves": Tensor([1, 0, 0, 1], shape: [2, 2]),
    ]
    let trees = try ExtraTrees(tensors: good)
    #expect(trees.outputs([9, 0.5]) == [0.5, 0.5] && trees.outputs([9, 0.6]) == [0, 1])
    func refuses(_ name: String, _ values: [Float], shape: [Int]? = nil, _ note: Comment) {
      var tensors = good
      tensors[name] = Tensor(values, shape: shape ?? [values.count])
      #expect(throws: TrainingError.self, note) { try ExtraTrees(tensors: tensors) }
    }
    for name in good.keys {
      var tensors = good
      tensors[name] = nil
      #expect(throws: TrainingError.self) { try ExtraTrees(tensors: tensors) }
    }
    refuses("sizes", [0, 2], "no columns")
    refuses("sizes", [1, 2], "a feature beyond the columns")
    refuses("sizes", [2, -1], "classes below 0")
    refuses("sizes", [2, .nan], "classes that are no number")
    refuses("counts", [1, 1], "nodes that belong to no tree")
    refuses("counts", [4, 0], "an empty tree")
    refuses("counts", [1, 3], "a tree cut in two")
    refuses("counts", [4], "two trees in one")
    refuses("counts", [], "no trees")
    refuses("feature", [1, -1, 0, -1], "a question that ends the tree")
    refuses("feature", [2, -1, -1, -1], "a feature beyond the columns")
    refuses("feature", [-2, -1, -1, -1], "a feature below 0")
    refuses("feature", [0.5, -1, -1, -1], "half a feature")
    refuses("feature", [-1, 1, -1, -1], "a leaf before its question")
    refuses("threshold", [0.5, 0, 2, 1], "a leaf beyond the shares")
    refuses("threshold", [0.5, -1, 0, 1], "a leaf before the shares")
    refuses("threshold", [.nan, 0, 1, 1], "a threshold that is no number")
    refuses("threshold", [0.5, 0, 1], "too few thresholds")
    refuses("leaves", [1, 0, 0], shape: [1, 3], "shares of other classes")
    refuses("leaves", [1, 0, 0, 1], shape: [4], "shares without rows")
  }
}
