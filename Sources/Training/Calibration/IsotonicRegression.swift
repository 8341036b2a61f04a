/// A rising step-and-slope curve from scores to probabilities, without an assumed shape.
///
/// Source: pool adjacent violators, Ayer et al., Annals of Mathematical Statistics 26, 1955; for
/// probabilities Zadrozny and Elkan, KDD 2002. Wants some hundreds of rows; with fewer, `PlattScaling`.
public struct IsotonicRegression: Sendable, Equatable, Codable {
  /// Scores, rising, and the value at each, never falling; between them values are interpolated.
  public let scores: [Double]
  /// Value at each score.
  public let values: [Double]

  /// The rising curve with the least squared distance from `targets`.
  /// - Parameters:
  ///   - scores: one a row; rows that are not finite are left out.
  ///   - targets: 0 to 1.
  /// - Returns: nil where no row is left.
  public static func fit(scores: [Float], targets: [Double]) -> IsotonicRegression? {
    precondition(scores.count == targets.count, "\(scores.count) scores for \(targets.count) targets")
    let order = scores.indices.filter { scores[$0].isFinite && targets[$0].isFinite }
      .sorted { (scores[$0], $0) < (scores[$1], $1) }
    guard !order.isEmpty else { return nil }
    var blocks: [Block] = []
    for index in order {
      let score = Double(scores[index])
      if let last = blocks.last, last.last == score, last.first == score {
        blocks[blocks.count - 1].add(targets[index])
      } else {
        blocks.append(Block(first: score, last: score, sum: targets[index], weight: 1))
      }
    }
    return IsotonicRegression(pooling: blocks)
  }

  /// Yes-or-no labels as targets.
  public static func fit(scores: [Float], positive: [Bool]) -> IsotonicRegression? {
    fit(scores: scores, targets: positive.map { $0 ? 1 : 0 })
  }

  /// The value at `score`; beyond the ends the value of the end. nil for a score that is no number.
  public func value(at score: Double) -> Double? {
    guard !score.isNaN, let first = scores.first, let last = scores.last else { return nil }
    if score <= first { return values.first }
    if score >= last { return values.last }
    var (low, high) = (0, scores.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if scores[middle] <= score { low = middle } else { high = middle }
    }
    let share = (score - scores[low]) / (scores[high] - scores[low])
    return values[low] + share * (values[high] - values[low])
  }

  private struct Block {
    var first: Double
    var last: Double
    var sum: Double
    var weight: Double
    var mean: Double { sum / weight }

    mutating func add(_ target: Double) {
      sum += target
      weight += 1
    }
  }

  private init(pooling points: [Block]) {
    var pooled: [Block] = []
    for point in points {
      var block = point
      while let last = pooled.last, last.mean >= block.mean {
        block = Block(
          first: last.first, last: block.last, sum: last.sum + block.sum, weight: last.weight + block.weight)
        pooled.removeLast()
      }
      pooled.append(block)
    }
    var scores: [Double] = []
    var values: [Double] = []
    for block in pooled {
      scores.append(block.first)
      values.append(block.mean)
      if block.last > block.first {
        scores.append(block.last)
        values.append(block.mean)
      }
    }
    (self.scores, self.values) = (scores, values)
  }
}
