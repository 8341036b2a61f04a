/// Scores in order, for the area under the curve of many draws of the same rows: they are sorted once.
public struct RankedScores: Sendable {
  /// Rows from the lowest score to the highest.
  private let order: [Int]
  private let positive: [Bool]
  /// Whether the next score in order is another.
  private let endsTie: [Bool]

  /// - Returns: nil with a score that is no number.
  public init?(_ scores: [Float], positive: [Bool]) {
    precondition(scores.count == positive.count, "\(scores.count) scores for \(positive.count) labels")
    guard !scores.contains(where: \.isNaN) else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    self.order = order
    self.positive = order.map { positive[$0] }
    endsTie = order.indices.map { place in
      place + 1 == order.count || scores[order[place]] != scores[order[place + 1]]
    }
  }

  /// The area under the curve where each row stands as many times as is said; see `Metrics.auroc`.
  /// - Returns: nil where no positive or no negative row is left.
  public func auroc(_ times: [Int]) -> Double? {
    precondition(times.count == order.count, "\(times.count) weights for \(order.count) rows")
    var doubled = 0, below = 0, found = 0, positives = 0, negatives = 0
    for place in order.indices {
      let weight = times[order[place]]
      if positive[place] { positives += weight } else { negatives += weight }
      guard endsTie[place] else { continue }
      doubled += positives * (2 * below + negatives)
      (found, below) = (found + positives, below + negatives)
      (positives, negatives) = (0, 0)
    }
    guard found > 0, below > 0 else { return nil }
    return Double(doubled) / (2 * Double(found) * Double(below))
  }
}
