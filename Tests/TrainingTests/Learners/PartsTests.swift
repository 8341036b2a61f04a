import Layers
import Testing
import Training

/// Answers to a row with one part at a time taken from another row, against answers to such rows one by one.
@Suite("Learners over rows with parts exchanged") struct PartsTests {
  private static let parts = 7

  /// Columns that fill no block of a sum, some blocks, and leave a rest.
  private func rows(_ width: Int) -> (x: [[Float]], labels: [Int]) {
    var rng = SeededGenerator(seed: 8)
    let x = (0..<40).map { row in
      (0..<width * PartsTests.parts).map { _ in rng.normal() + (row % 3 == 0 ? 0.7 : 0) }
    }
    return (x, x.indices.map { $0 % 3 })
  }

  private func mixed(_ row: [Float], _ other: [Float]) -> [[Float]] {
    let width = row.count / PartsTests.parts
    return [row]
      + (0..<PartsTests.parts).map { part in
        row.indices.map { $0 / width == part ? other[$0] : row[$0] }
      }
  }

  private func together(
    _ row: [Float], _ other: [Float],
    _ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> [[Float]]
  ) -> [[Float]] {
    row.withUnsafeBufferPointer { row in other.withUnsafeBufferPointer { body(row, $0) } }
  }

  @Test("Linear learners give the same bits", arguments: [3, 151, 300])
  func linear(width: Int) throws {
    let (x, labels) = rows(width), team = ReplicaTeam(1)
    let ridge = try RidgeClassifier.fit(FeatureMatrix(x), labels: labels, classes: 3, on: team)
    let logistic = try LogisticRegression.fit(FeatureMatrix(x), labels: labels, classes: 3, on: team)
    for (row, other) in [(x[0], x[1]), (x[4], x[4].map { _ in 0 })] {
      let rows = mixed(row, other)
      #expect(
        together(row, other) { ridge.probabilities($0, other: $1, parts: PartsTests.parts) }
          == rows.map { ridge.probabilities($0[...]) })
      #expect(
        together(row, other) { logistic.probabilities($0, other: $1, parts: PartsTests.parts) }
          == rows.map { logistic.probabilities($0[...]) })
    }
  }

  @Test("Trees give the same bits", arguments: [0, 3])
  func trees(classes: Int) throws {
    let (x, labels) = rows(5), team = ReplicaTeam(1)
    let trees =
      classes == 0
      ? try ExtraTrees.regress(FeatureMatrix(x), targets: x.map { $0[2] - $0[30] }, on: team)
      : try ExtraTrees.classify(FeatureMatrix(x), labels: labels, classes: classes, on: team)
    var other = x[1]
    other[3] = .nan
    for row in x[10..<14] {
      let found = together(row, other) { trees.outputs($0, other: $1, parts: PartsTests.parts) }
      #expect(found == mixed(row, other).map { trees.outputs($0[...]) })
      #expect(Set(found.map { $0.description }).count > 2)
    }
  }
}
