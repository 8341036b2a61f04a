import Foundation

extension Metrics {
  /// Words of a text for comparing texts: small letters, runs of letters or digits; other signs part
  /// words; an ideograph is a word of its own.
  public static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    func finish() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for scalar in text.lowercased().unicodeScalars {
      if scalar.properties.isIdeographic {
        finish()
        words.append(String(scalar))
      } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark
      {
        word.unicodeScalars.append(scalar)
      } else {
        finish()
      }
    }
    finish()
    return words
  }

  /// BLEU-1 to BLEU-`order` of a corpus, 0 to 1: clipped n-gram precisions summed over the corpus, their
  /// geometric mean with equal weights, and the brevity penalty; no smoothing, so that an order without a
  /// match gives 0. Of several references the length nearest to the candidate's counts, the shorter one
  /// when two are as near.
  ///
  /// Source: Papineni et al., BLEU, ACL 2002; as sacreBLEU gives with `smooth_method="none"` and nltk's
  /// `corpus_bleu` without a smoothing function.
  /// - Parameters:
  ///   - candidates: the words of each text.
  ///   - references: one or more references of each.
  public static func bleu(_ candidates: [[String]], references: [[[String]]], order: Int = 4) -> [Double] {
    precondition(
      candidates.count == references.count, "\(candidates.count) texts for \(references.count) references")
    var matched = [Int](repeating: 0, count: order)
    var possible = [Int](repeating: 0, count: order)
    var candidateLength = 0
    var referenceLength = 0
    for (candidate, references) in zip(candidates, references) {
      candidateLength += candidate.count
      referenceLength +=
        references.map(\.count).min { (abs($0 - candidate.count), $0) < (abs($1 - candidate.count), $1) } ?? 0
      for n in 1...order {
        let counts = grams(candidate, n)
        let limits = references.map { grams($0, n) }.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: max) }
        possible[n - 1] += max(0, candidate.count - n + 1)
        matched[n - 1] += counts.reduce(0) { $0 + min($1.value, limits[$1.key] ?? 0) }
      }
    }
    guard candidateLength > 0 else { return [Double](repeating: 0, count: order) }
    let brevity =
      candidateLength >= referenceLength ? 1 : exp(1 - Double(referenceLength) / Double(candidateLength))
    var logarithms = 0.0
    return (0..<order).map { n in
      logarithms += matched[n] > 0 ? log(Double(matched[n]) / Double(possible[n])) : -.infinity
      return brevity * exp(logarithms / Double(n + 1))
    }
  }

  /// ROUGE-L: the F-measure of the longest common subsequence of words, mean over texts, 0 to 1; of several
  /// references the best. nil without any text.
  ///
  /// Source: Lin, ROUGE, 2004; `beta` weighs recall (1 as in most tables, 1.2 as in image captioning).
  public static func rougeL(_ candidates: [[String]], references: [[[String]]], beta: Double = 1) -> Double? {
    precondition(
      candidates.count == references.count, "\(candidates.count) texts for \(references.count) references")
    guard !candidates.isEmpty else { return nil }
    let scores = zip(candidates, references).map { candidate, references in
      references.map { reference in
        let common = Double(commonLength(candidate, reference))
        guard common > 0 else { return 0.0 }
        let precision = common / Double(candidate.count)
        let recall = common / Double(reference.count)
        return (1 + beta * beta) * precision * recall / (recall + beta * beta * precision)
      }.max() ?? 0
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  private static func grams(_ words: [String], _ n: Int) -> [ArraySlice<String>: Int] {
    guard words.count >= n else { return [:] }
    return (0...words.count - n).reduce(into: [:]) { $0[words[$1..<$1 + n], default: 0] += 1 }
  }

  private static func commonLength(_ a: [String], _ b: [String]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for word in a {
      var diagonal = 0
      for (column, other) in b.enumerated() {
        let above = row[column + 1]
        row[column + 1] = word == other ? diagonal + 1 : max(above, row[column])
        diagonal = above
      }
    }
    return row[b.count]
  }
}
