/// One bin of a reliability diagram: what was claimed there, and what came true.
public struct ReliabilityBin: Sendable, Codable, Hashable {
  /// Number of the bin, 0 for the lowest of `ReliabilityBin.bins` of equal width.
  public var bin: Int
  /// Answers in it.
  public var count: Int
  /// Mean confidence of these answers, 0 to 1.
  public var confidence: Double
  /// Share of them that is right, 0 to 1.
  public var accuracy: Double

  /// - Parameters:
  ///   - bin: number of the bin, 0 for the lowest.
  ///   - count: answers in it.
  public init(bin: Int, count: Int, confidence: Double, accuracy: Double) {
    (self.bin, self.count, self.confidence, self.accuracy) = (bin, count, confidence, accuracy)
  }

  /// Bins that the confidences from 0 to 1 are parted into.
  public static let bins = 15
}

extension Metrics {
  /// Confidence and accuracy in bins of equal width; bins without an answer are left out. Their distances, weighted
  /// by their counts, are the expected calibration error.
  ///
  /// Source: Niculescu-Mizil and Caruana, Predicting Good Probabilities With Supervised Learning, ICML 2005.
  /// - Parameters:
  ///   - confidences: probability of what was answered, 0 to 1; those that are no number are left out.
  ///   - correct: whether the answer was right.
  public static func reliability(
    confidences: [Float], correct: [Bool], bins: Int = ReliabilityBin.bins
  ) -> [ReliabilityBin] {
    precondition(
      confidences.count == correct.count, "\(confidences.count) confidences for \(correct.count) rows")
    var sums = [(count: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: bins)
    for (confidence, right) in zip(confidences, correct) where !confidence.isNaN {
      let bin = calibrationBin(confidence, of: bins)
      sums[bin].count += 1
      sums[bin].confidence += Double(confidence)
      sums[bin].right += right ? 1 : 0
    }
    return sums.indices.filter { sums[$0].count > 0 }.map { bin in
      let (count, confidence, right) = sums[bin]
      return ReliabilityBin(
        bin: bin, count: count, confidence: confidence / Double(count),
        accuracy: Double(right) / Double(count))
    }
  }

  /// The bin of a confidence: a bin holds its upper edge; 0 belongs to the first.
  public static func calibrationBin(_ confidence: Float, of bins: Int = ReliabilityBin.bins) -> Int {
    min(max(Int((Double(confidence) * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
  }
}
