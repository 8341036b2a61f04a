import Foundation

/// Decides by the entropy of its probabilities whether a prediction is to be left to a person.
///
/// The threshold is a conformal quantile: of new rows like those it was fitted on, predictions that would
/// have been right are handed over with a chance of at most the stated one.
/// Source: split conformal prediction, Vovk et al., Algorithmic Learning in a Random World, 2005, with
/// entropy as the score of strangeness.
public struct EntropyAbstention: Sendable, Equatable, Codable {
  /// Predictions of more entropy are left to a person; 1 leaves none.
  public var threshold: Double

  /// - Parameter threshold: normalised entropy, 0 to 1, above which no answer is given.
  public init(threshold: Double) { self.threshold = threshold }

  /// Fits the threshold on rows that were not trained on.
  /// - Parameters:
  ///   - probabilities: `[row, class]`.
  ///   - truth: the class of each row.
  ///   - needless: the chance with which a right prediction may be handed over.
  /// - Returns: a threshold of 1 where too few predictions were right for any smaller one
  ///   (fewer than 1 / `needless` - 1).
  public static func fit(
    _ probabilities: [Float], classes: Int, truth: [Int], needless: Double = 0.05
  ) -> EntropyAbstention {
    precondition(needless > 0 && needless < 1, "A chance of \(needless) cannot be kept.")
    let predicted = Metrics.argmax(probabilities, classes: classes)
    precondition(predicted.count == truth.count, "\(predicted.count) rows for \(truth.count) truths")
    let entropies = truth.indices.filter { predicted[$0] == truth[$0] }
      .map { entropy(Array(probabilities[$0 * classes..<($0 + 1) * classes])) }.filter { !$0.isNaN }.sorted()
    let rank = Int((Double(entropies.count + 1) * (1 - needless) - 1e-9).rounded(.up))
    return EntropyAbstention(threshold: rank <= entropies.count && rank > 0 ? entropies[rank - 1] : 1)
  }

  /// Entropy of one row of probabilities as a share of the greatest possible: 0 is sure, 1 says nothing.
  public static func entropy(_ probabilities: [Float]) -> Double {
    guard probabilities.count > 1 else { return 0 }
    let sum = probabilities.reduce(0.0) { $1 == 0 ? $0 : $0 - Double($1) * log(Double($1)) }
    return sum / log(Double(probabilities.count))
  }

  /// Whether the prediction with these probabilities is left to a person; so is one that is no number.
  public func abstains(_ probabilities: [Float]) -> Bool { !(Self.entropy(probabilities) <= threshold) }
}
