import Alignment
import Foundation
import Layers
import Reports
import Training

/// Has the decoder write for one input, under the constraint of the findings: it is told what the table says, and of the
/// texts that it finds likeliest the one is taken of which most can stand.
struct DraftWriter: Sendable {
  var bundle: ModelBundle

  /// - Parameter consistency: the table that the text must agree with.
  /// - Returns: the text and the mean logarithm of its tokens' probabilities; nil where there is no decoder or it wrote
  ///   nothing.
  func write(
    _ encoded: Encoded, _ pool: Pooling, holding consistency: Consistency
  ) -> (text: String, confidence: Float)? {
    guard let decoder = bundle.model.heads.decoder, let tokenizer = bundle.tokenizer else { return nil }
    let texts = decoder.candidates(
      encoded, task: pool.task, labels: pool.probabilities.isEmpty ? nil : told(pool),
      begin: tokenizer.specials.begin, end: tokenizer.specials.end, precision: bundle.precision.tape)
    var best: (text: String, confidence: Float, faults: Int)?
    for text in texts {
      let words = tokenizer.decode(text.ids).trimmingCharacters(in: .whitespacesAndNewlines)
      guard !words.isEmpty, text.confidence.isFinite else { continue }
      let result = consistency.reconcile([words])
      let faults = result.dropped.count + result.added
      // The likeliest comes first.
      if faults < best?.faults ?? .max { best = (words, text.confidence, faults) }
    }
    return best.map { ($0.text, $0.confidence) }
  }

  /// Shares of the labels as the decoder learned from them: yes or no where the table decides, else the probability.
  private func told(_ pool: Pooling) -> [Float] {
    zip(pool.probabilities, pool.states).map { probability, state in
      switch state {
      case .present: 1
      case .absent: 0
      case .uncertain: probability
      }
    }
  }
}
