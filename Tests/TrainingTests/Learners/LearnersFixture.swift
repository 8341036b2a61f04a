import Foundation
import Training

/// Values of scikit-learn and SciPy; see Scripts/reference/learner_fixtures.py.
struct LearnersFixture: Decodable {
  struct Classes: Decodable {
    var x: [[Float]], labels: [Int], folds: [Int], classes: Int, strength: Double, temperature: Double?
    var coefficients: [[Float]]?, scores: [[Float]]?, probabilities: [[Float]]
  }
  struct Numbers: Decodable {
    var x: [[Float]], targets: [Float], folds: [Int], strength: Double, coefficients: [Float], values: [Float]
  }
  struct Forest: Decodable {
    var x: [[Float]], y: [Float], train: Int, reached: Double
    var learnt: FeatureMatrix { FeatureMatrix(Array(x[..<train])) }
    var labels: [Int] { y.map { Int($0) } }
  }
  struct Forests: Decodable { var moons: Forest, wide: Forest, friedman: Forest }
  var ridgeDual: Classes, ridgePrimal: Classes, logisticDual: Classes, logisticPrimal: Classes
  var numberDual: Numbers, numberPrimal: Numbers, trees: Forests

  static func read() throws -> LearnersFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Learners/learners.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
  }
}

/// The largest difference between two lists; infinite where their lengths differ or a value is no number.
func difference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { ($1.0 - $1.1).isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
}
