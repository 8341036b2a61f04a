import Foundation

/// Values of scikit-learn, sacrebleu, nltk and NumPy; see Scripts/reference/metrics_fixtures.py.
struct MetricsFixture: Decodable {
  struct Classification: Decodable {
    var truth: [Int], predicted: [Int], accuracy: Double, balanced: Double, macroF1: Double,
      confusion: [[Int]]
  }
  struct Ranking: Decodable {
    var scores: [Float], positive: [Bool], auroc: Double, ap: Double, truth: [Int], probabilities: [Float]
    var macroAUROC: Double, brierMulti: Double, brierScikit: Double, ece: Double
  }
  struct Binary: Decodable { var p: [Float], y: [Bool], brier: Double }
  struct Regression: Decodable {
    var truth: [Float], predicted: [Float], rmse: Double, mae: Double, nasa: Double
  }
  struct Retrieval: Decodable {
    var rows: Int, columns: Int, owner: [Int], similarity: [Float], rowToColumn: [Double],
      columnToRow: [Double]
    var rowsAsked: Int, columnsAsked: Int
  }
  struct Texts: Decodable {
    var candidates: [[String]], references: [[[String]]], bleu: [Double], rouge1: Double, rouge12: Double
  }
  struct Bootstrap: Decodable { var values: [Float], lower: Double, upper: Double }
  var classification: Classification, ranking: Ranking, binary: Binary, regression: Regression
  var retrieval: Retrieval, texts: Texts, bootstrap: Bootstrap

  static func read() throws -> MetricsFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Metrics/metrics.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
  }
}

/// Equal but for rounding; false on nil and NaN.
func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= tolerance * max(1, abs(b))
}
