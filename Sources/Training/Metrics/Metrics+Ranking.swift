extension Metrics {
  /// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.
  ///
  /// Source: Hanley and McNeil, Radiology 143, 1982 (as the Mann-Whitney statistic).
  /// - Returns: nil where there are no positives, no negatives, or a score that is no number.
  public static func auroc(_ scores: [Float], positive: [Bool]) -> Double? {
    precondition(scores.count == positive.count, "\(scores.count) scores for \(positive.count) labels")
    let positives = positive.count { $0 }
    let negatives = positive.count - positives
    guard positives > 0, negatives > 0, !scores.contains(where: \.isNaN) else { return nil }
    // Twice the number of pairs in the right order, so that ties stay whole.
    var doubled = 0
    var negativesBelow = 0
    for tie in ties(scores, positive, descending: false) {
      doubled += tie.positives * (2 * negativesBelow + tie.negatives)
      negativesBelow += tie.negatives
    }
    return Double(doubled) / (2 * Double(positives) * Double(negatives))
  }

  /// Mean over classes of the AUROC of one class against the rest.
  /// - Parameters:
  ///   - scores: `[row, class]`.
  ///   - truth: the class of each row. Classes without a row, and a class that all rows have, are left out.
  /// - Returns: nil where no class can be scored.
  public static func macroAUROC(_ scores: [Float], classes: Int, truth: [Int]) -> Double? {
    precondition(
      scores.count == classes * truth.count, "\(scores.count) scores for \(truth.count) x \(classes)")
    return mean(
      (0..<classes).compactMap { label in
        auroc(column(label, of: scores, classes), positive: truth.map { $0 == label })
      })
  }

  /// Mean over labels of the AUROC of each, for rows that may have several labels.
  /// - Parameters:
  ///   - scores: `[row, label]`.
  ///   - positive: `[row, label]`; nil where the label of a row is not known.
  /// - Returns: nil where no label can be scored.
  public static func macroAUROC(_ scores: [Float], labels: Int, positive: [Bool?]) -> Double? {
    precondition(scores.count == positive.count, "\(scores.count) scores for \(positive.count) labels")
    return mean(
      (0..<labels).compactMap { label in
        let rows = stride(from: label, to: scores.count, by: labels).filter { positive[$0] != nil }
        return auroc(rows.map { scores[$0] }, positive: rows.map { positive[$0] == true })
      })
  }

  /// Average precision: the sum over thresholds of the gain in recall times the precision there, without
  /// interpolation.
  /// - Returns: nil where there are no positives, or a score that is no number.
  public static func averagePrecision(_ scores: [Float], positive: [Bool]) -> Double? {
    precondition(scores.count == positive.count, "\(scores.count) scores for \(positive.count) labels")
    let positives = positive.count { $0 }
    guard positives > 0, !scores.contains(where: \.isNaN) else { return nil }
    var found = 0
    var taken = 0
    var sum = 0.0
    for tie in ties(scores, positive, descending: true) {
      found += tie.positives
      taken += tie.positives + tie.negatives
      sum += Double(tie.positives) * Double(found) / Double(taken)
    }
    return sum / Double(positives)
  }

  static func column(_ label: Int, of scores: [Float], _ classes: Int) -> [Float] {
    stride(from: label, to: scores.count, by: classes).map { scores[$0] }
  }

  /// Positives and negatives of each distinct score, in the order of scores.
  private static func ties(
    _ scores: [Float], _ positive: [Bool], descending: Bool
  ) -> [(positives: Int, negatives: Int)] {
    let order = scores.indices.sorted { descending ? scores[$0] > scores[$1] : scores[$0] < scores[$1] }
    var result: [(positives: Int, negatives: Int)] = []
    for (rank, index) in order.enumerated() {
      if rank == 0 || scores[index] != scores[order[rank - 1]] { result.append((0, 0)) }
      if positive[index] {
        result[result.count - 1].positives += 1
      } else {
        result[result.count - 1].negatives += 1
      }
    }
    return result
  }
}
