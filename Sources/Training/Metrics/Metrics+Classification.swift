extension Metrics {
  /// Share of `predicted` that equals `truth`; nil without any.
  public static func accuracy(_ predicted: [Int], truth: [Int]) -> Double? {
    precondition(predicted.count == truth.count, "\(predicted.count) predictions for \(truth.count) truths")
    guard !truth.isEmpty else { return nil }
    return Double(zip(predicted, truth).count { $0 == $1 }) / Double(truth.count)
  }

  /// Mean of the recalls of the classes that occur in `truth`; nil without any.
  ///
  /// Source: Brodersen et al., The Balanced Accuracy and Its Posterior Distribution, ICPR 2010.
  public static func balancedAccuracy(_ predicted: [Int], truth: [Int]) -> Double? {
    let counts = counts(predicted, truth)
    let recalls = counts.values.filter { $0.true > 0 }.map { Double($0.both) / Double($0.true) }
    return mean(recalls)
  }

  /// Mean over the classes that occur in `predicted` or `truth` of F1 = 2 TP / (2 TP + FP + FN); nil
  /// without any.
  public static func macroF1(_ predicted: [Int], truth: [Int]) -> Double? {
    mean(counts(predicted, truth).values.map { 2 * Double($0.both) / Double($0.true + $0.predicted) })
  }

  /// How often each class was taken for each: `[truth][predicted]`.
  /// - Precondition: all labels are in `0..<classes`.
  public static func confusionMatrix(_ predicted: [Int], truth: [Int], classes: Int) -> [[Int]] {
    precondition(predicted.count == truth.count, "\(predicted.count) predictions for \(truth.count) truths")
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (guess, label) in zip(predicted, truth) { matrix[label][guess] += 1 }
    return matrix
  }

  /// The first index of the largest value in each row of `scores`, `[row, class]`.
  public static func argmax(_ scores: [Float], classes: Int) -> [Int] {
    precondition(classes > 0 && scores.count % classes == 0, "\(scores.count) scores in rows of \(classes)")
    return stride(from: 0, to: scores.count, by: classes).map { row in
      (1..<classes).reduce(0) { scores[row + $1] > scores[row + $0] ? $1 : $0 }
    }
  }

  private struct Counts {
    var both = 0
    var `true` = 0
    var predicted = 0
  }

  private static func counts(_ predicted: [Int], _ truth: [Int]) -> [Int: Counts] {
    precondition(predicted.count == truth.count, "\(predicted.count) predictions for \(truth.count) truths")
    var counts: [Int: Counts] = [:]
    for (guess, label) in zip(predicted, truth) {
      counts[guess, default: Counts()].predicted += 1
      counts[label, default: Counts()].true += 1
      if guess == label { counts[label, default: Counts()].both += 1 }
    }
    return counts
  }

  static func mean(_ values: [Double]) -> Double? {
    // Sorted: the sum must not depend on a dictionary's order.
    values.isEmpty ? nil : values.sorted().reduce(0, +) / Double(values.count)
  }
}
