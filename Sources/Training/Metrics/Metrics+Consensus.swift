import Foundation

extension Metrics {
  /// CIDEr-D: how much of what people say of the same picture, and of few others, a text says; 0 to 10, the mean over
  /// texts. A sequence of words that stands in the references of every picture weighs nothing. nil without any text.
  ///
  /// Source: Vedantam et al., CIDEr, CVPR 2015, in the form D (clipped counts, a penalty on other lengths with sigma 6)
  /// and with the counting of pycocoevalcap: sequences of up to four words, lengths by the number of word pairs, document
  /// frequencies over the references given.
  /// - Parameters:
  ///   - candidates: the words of each text.
  ///   - references: one or more references of each.
  public static func cider(_ candidates: [[String]], references: [[[String]]]) -> Double? {
    precondition(
      candidates.count == references.count, "\(candidates.count) texts for \(references.count) references")
    guard !candidates.isEmpty else { return nil }
    var frequencies: [ArraySlice<String>: Int] = [:]
    for texts in references {
      let all = texts.reduce(into: Set<ArraySlice<String>>()) { $0.formUnion(ConsensusVector.grams($1).keys) }
      for gram in all { frequencies[gram, default: 0] += 1 }
    }
    let total = log(Double(candidates.count))
    let scores = zip(candidates, references).map { candidate, references in
      let written = ConsensusVector(candidate, frequencies, total)
      let sums = references.reduce(0) {
        $0 + written.likeness(to: ConsensusVector($1, frequencies, total))
      }
      return 10 * sums / Double(max(1, references.count))
    }
    return scores.reduce(0, +) / Double(scores.count)
  }
}

/// Weights of a text's sequences of one to four words: how often each stands in it, times how rare it is.
private struct ConsensusVector {
  private static let longest = 4
  /// Gaussian of the difference of lengths.
  private static let sigma = 6.0

  /// `[length][place]`
  private var order: [[ArraySlice<String>]]
  private var weights: [[ArraySlice<String>: Double]]
  private var norms: [Double]
  /// In pairs of neighbouring words.
  private var length = 0.0

  init(_ words: [String], _ frequencies: [ArraySlice<String>: Int], _ total: Double) {
    weights = Array(repeating: [:], count: Self.longest)
    order = Array(repeating: [], count: Self.longest)
    // By their first place: a dictionary's own order differs from one to the next, and with it the last digits of sums.
    for (gram, count) in Self.grams(words).sorted(by: {
      ($0.key.count, $0.key.startIndex) < ($1.key.count, $1.key.startIndex)
    }) {
      order[gram.count - 1].append(gram)
      weights[gram.count - 1][gram] = Double(count) * (total - log(Double(max(1, frequencies[gram] ?? 0))))
      if gram.count == 2 { length += Double(count) }
    }
    norms = zip(order, weights).map { grams, weights in
      grams.reduce(0.0) { $0 + (weights[$1] ?? 0) * (weights[$1] ?? 0) }.squareRoot()
    }
  }

  /// Mean over the orders of the clipped cosine, 0 to 1.
  func likeness(to reference: ConsensusVector) -> Double {
    let difference = length - reference.length
    let penalty = exp(-difference * difference / (2 * Self.sigma * Self.sigma))
    let sum = (0..<Self.longest).reduce(0.0) { sum, n in
      let shared = order[n].reduce(0.0) { sum, gram in
        let other = reference.weights[n][gram] ?? 0
        return sum + min(weights[n][gram] ?? 0, other) * other
      }
      let norm = norms[n] * reference.norms[n]
      return sum + (norm > 0 ? shared / norm : shared) * penalty
    }
    return sum / Double(Self.longest)
  }

  static func grams(_ words: [String]) -> [ArraySlice<String>: Int] {
    var found: [ArraySlice<String>: Int] = [:]
    for n in 1...longest where words.count >= n {
      for start in 0...words.count - n { found[words[start..<start + n], default: 0] += 1 }
    }
    return found
  }
}
