extension Metrics {
  /// Expected calibration error: the mean distance of confidence and accuracy over bins of equal width,
  /// weighted by the rows in them. A bin holds its upper edge; 0 belongs to the first.
  ///
  /// Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017 (15 bins).
  /// - Parameters:
  ///   - confidences: probability of the class that was predicted, 0 to 1.
  ///   - correct: whether the prediction was right.
  /// - Returns: nil without any row, or with a confidence that is no number.
  public static func expectedCalibrationError(
    confidences: [Float], correct: [Bool], bins: Int = ReliabilityBin.bins
  ) -> Double? {
    precondition(
      confidences.count == correct.count, "\(confidences.count) confidences for \(correct.count) rows")
    guard !confidences.isEmpty, !confidences.contains(where: \.isNaN) else { return nil }
    // The difference of the two sums of a bin is its weighted error.
    var differences = [Double](repeating: 0, count: bins)
    for (confidence, right) in zip(confidences, correct) {
      differences[calibrationBin(confidence, of: bins)] += Double(confidence) - (right ? 1 : 0)
    }
    return differences.reduce(0) { $0 + abs($1) } / Double(confidences.count)
  }

  /// Expected calibration error of the most probable class of each row.
  /// - Parameter probabilities: `[row, class]`.
  public static func expectedCalibrationError(
    _ probabilities: [Float], classes: Int, truth: [Int], bins: Int = ReliabilityBin.bins
  ) -> Double? {
    let predicted = argmax(probabilities, classes: classes)
    precondition(predicted.count == truth.count, "\(predicted.count) rows for \(truth.count) truths")
    return expectedCalibrationError(
      confidences: predicted.enumerated().map { probabilities[$0 * classes + $1] },
      correct: zip(predicted, truth).map { $0 == $1 }, bins: bins)
  }

  /// Brier score of yes-or-no probabilities: the mean squared distance from 0 or 1; nil without any.
  ///
  /// Source: Brier, Monthly Weather Review 78, 1950.
  public static func brier(_ probabilities: [Float], positive: [Bool]) -> Double? {
    precondition(
      probabilities.count == positive.count,
      "\(probabilities.count) probabilities for \(positive.count) labels")
    guard !positive.isEmpty else { return nil }
    let sum = zip(probabilities, positive).reduce(0.0) { sum, row in
      let distance = Double(row.0) - (row.1 ? 1 : 0)
      return sum + distance * distance
    }
    return sum / Double(positive.count)
  }

  /// Brier score of several classes: squared distances summed over classes, mean over rows, 0 to 2; nil
  /// without any.
  /// - Parameter probabilities: `[row, class]`.
  public static func brier(_ probabilities: [Float], classes: Int, truth: [Int]) -> Double? {
    precondition(
      probabilities.count == classes * truth.count,
      "\(probabilities.count) probabilities for \(truth.count) x \(classes)")
    guard !truth.isEmpty else { return nil }
    var sum = 0.0
    for (row, label) in truth.enumerated() {
      for other in 0..<classes {
        let distance = Double(probabilities[row * classes + other]) - (other == label ? 1 : 0)
        sum += distance * distance
      }
    }
    return sum / Double(truth.count)
  }
}
