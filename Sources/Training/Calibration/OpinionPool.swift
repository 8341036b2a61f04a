/// How much each of several that answer counts in the mean of their probabilities.
///
/// A linear opinion pool (Stone 1961, "The opinion pool"): the shares that make known answers likeliest, found by
/// expectation and maximisation under a Dirichlet prior. One that is sure and wrong loses its share quickly; with few
/// known answers the shares stay near the prior.
public enum OpinionPool {
  /// - Parameters:
  ///   - prior: shares before anything is known, at least one above zero; one without a share gets none.
  ///   - strength: known answers that the prior is worth, above zero.
  ///   - likelihoods: `[answer, voice]`: the probability that a voice gave to what was true.
  ///   - weights: what each answer counts; answers that hang together count less than one each.
  /// - Returns: shares that sum to one.
  public static func shares(prior: [Float], strength: Float, likelihoods: [[Float]], weights: [Float]? = nil)
    -> [Float]
  {
    let total = prior.reduce(0, +)
    let prior = prior.map { $0 / total }
    var shares = prior
    for _ in 0..<200 {
      var counts = prior.map { $0 * strength }
      for (place, row) in likelihoods.enumerated() {
        // Where all say that it cannot be, nobody is to blame more than another.
        let mixed = zip(shares, row).reduce(Float(1e-9)) { $0 + $1.0 * $1.1 }
        let weight = weights?[place] ?? 1
        for voice in counts.indices { counts[voice] += weight * shares[voice] * row[voice] / mixed }
      }
      let sum = counts.reduce(0, +)
      shares = counts.map { $0 / sum }
    }
    return shares
  }
}
