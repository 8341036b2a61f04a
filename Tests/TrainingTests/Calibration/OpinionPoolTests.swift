import Foundation
import Testing
import Training

@Suite("Shares of those who answer") struct OpinionPoolTests {
  /// Thirty answers of three voices: the first knows, the second guesses, the third is sure and often wrong.
  private let rows: [[Float]] = (0..<30).map { [0.7 + Float($0 % 3) * 0.1, 0.25, $0 % 4 == 0 ? 0.98 : 0.01] }

  /// The logarithm of the posterior of shares, up to a constant.
  private func posterior(_ shares: [Double], _ prior: [Double], _ strength: Double) -> Double {
    let likely = rows.reduce(0.0) { sum, row in
      sum + log(zip(shares, row).reduce(0) { $0 + $1.0 * Double($1.1) })
    }
    return likely + zip(shares, prior).reduce(0) { $0 + strength * $1.1 * log($1.0) }
  }

  @Test("They are the best of all on a fine grid", arguments: [Float(3), 40, 400])
  func best(strength: Float) {
    let prior: [Float] = [1, 2, 1]
    let shares = OpinionPool.shares(prior: prior, strength: strength, likelihoods: rows)
    var found = [0.0, 0, 0], most = -Double.infinity
    for first in 1..<400 {
      for second in 1..<(400 - first) {
        let tried = [Double(first), Double(second), Double(400 - first - second)].map { $0 / 400 }
        let value = posterior(tried, [0.25, 0.5, 0.25], Double(strength))
        if value > most { (found, most) = (tried, value) }
      }
    }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
    for (share, wanted) in zip(shares, found) { #expect(abs(Double(share) - wanted) < 0.004) }
  }

  @Test("An answer that counts twice is as good as two") func weights() {
    let twice = OpinionPool.shares(prior: [1, 1, 1], strength: 5, likelihoods: rows + rows)
    let weighed = OpinionPool.shares(
      prior: [1, 1, 1], strength: 5, likelihoods: rows, weights: rows.map { _ in 2 })
    for (one, other) in zip(twice, weighed) { #expect(abs(one - other) < 1e-5) }
  }

  @Test("Without answers the prior stays, and who had no share gets none")
  func prior() {
    #expect(OpinionPool.shares(prior: [1, 3], strength: 10, likelihoods: []) == [0.25, 0.75])
    let shares = OpinionPool.shares(prior: [0, 1, 1], strength: 1, likelihoods: rows)
    #expect(shares[0] == 0 && shares[1] > shares[2])
    let blind = OpinionPool.shares(prior: [1, 1], strength: 1, likelihoods: [[0, 0]])
    #expect(blind == [0.5, 0.5], "an answer that nobody thought possible changes nothing")
  }
}
