import Faults

/// Predictions as lines: JSON objects, or CSV below a header.
struct PredictionLines: Sendable {
  let isCSV: Bool

  /// The line above all others, with its end; empty for JSON.
  func head(sensors: [String]) -> String { isCSV ? FaultPrediction.csvHeader(sensors: sensors) + "\n" : "" }

  /// Lines with their ends.
  func text(_ predictions: [FaultPrediction], sensors: [String]) -> String {
    predictions.map { (isCSV ? $0.csv(sensors: sensors) : $0.json) + "\n" }.joined()
  }
}
