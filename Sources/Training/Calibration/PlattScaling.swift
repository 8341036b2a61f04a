import Foundation

/// Maps the logit of one label to a probability: sigmoid(slope * x + offset).
///
/// Source: Platt, Probabilistic Outputs for Support Vector Machines, 1999; fitted as in Lin, Lin and Weng,
/// A Note on Platt's Probabilistic Outputs, Machine Learning 68, 2007.
public struct PlattScaling: Sendable, Equatable, Codable {
  /// 1 / temperature; below 0 the label's logits point the wrong way on the validation part.
  public var slope: Double
  /// Added to the scaled logit.
  public var offset: Double

  /// The identity by default.
  public init(slope: Double = 1, offset: Double = 0) { (self.slope, self.offset) = (slope, offset) }

  /// What is fitted besides the slope, and towards which targets.
  public enum Form: Sendable {
    /// Slope and offset, with Platt's targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2) in place of 1 and 0: the
    /// prior of a small set that keeps the fit finite even where the labels part perfectly.
    case smoothed
    /// Slope and offset by maximum likelihood.
    case likelihood
    /// The slope alone, with an offset of 0 (a temperature), towards Platt's targets.
    case temperature
  }

  /// The parameters with the least cross-entropy on validation rows, by Newton's method with a line search.
  /// - Parameters:
  ///   - logits: one a row; rows that are not finite are left out.
  ///   - positive: whether the row has the label.
  /// - Returns: slope 1 and offset 0 where no row is left.
  public static func fit(logits: [Float], positive: [Bool], form: Form = .smoothed) -> PlattScaling {
    precondition(logits.count == positive.count, "\(logits.count) logits for \(positive.count) labels")
    let rows = logits.indices.filter { logits[$0].isFinite }
    guard !rows.isEmpty else { return PlattScaling() }
    let positives = Double(rows.count { positive[$0] })
    let negatives = Double(rows.count) - positives
    let high = form == .likelihood ? 1 : (positives + 1) / (positives + 2)
    let low = form == .likelihood ? 0 : 1 / (negatives + 2)
    let problem = Problem(
      x: rows.map { Double(logits[$0]) }, targets: rows.map { positive[$0] ? high : low },
      fitsOffset: form != .temperature)
    return problem.minimum()
  }

  /// The probability of each logit.
  public func probabilities(_ logits: [Float]) -> [Float] { logits.map { Float(probability(Double($0))) } }

  /// The probability of one logit.
  public func probability(_ logit: Double) -> Double {
    let x = slope * logit + offset
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }

  private struct Problem {
    var x: [Double]
    var targets: [Double]
    var fitsOffset: Bool

    /// Cross-entropy, in a form that neither overflows nor takes the logarithm of 0.
    func loss(_ at: PlattScaling) -> Double {
      zip(x, targets).reduce(0) { sum, row in
        let z = at.slope * row.0 + at.offset
        return sum + max(z, 0) - z * row.1 + log1p(exp(-abs(z)))
      }
    }

    func minimum() -> PlattScaling {
      let mean = targets.reduce(0, +) / Double(targets.count)
      var at = PlattScaling(slope: fitsOffset ? 0 : 1, offset: 0)
      if fitsOffset, mean > 0, mean < 1 { at.offset = log(mean / (1 - mean)) }
      var value = loss(at)
      for _ in 0..<100 {
        let step = newtonStep(at)
        var length = 1.0
        var moved = false
        while length > 1e-10 {
          let next = PlattScaling(
            slope: at.slope - length * step.slope, offset: at.offset - length * step.offset)
          let nextValue = loss(next)
          if nextValue < value {
            (at, value, moved) = (next, nextValue, true)
            break
          }
          length /= 2
        }
        if !moved { break }
      }
      return at
    }

    private func newtonStep(_ at: PlattScaling) -> (slope: Double, offset: Double) {
      var (g0, g1) = (0.0, 0.0)
      // A little on the diagonal keeps the matrix invertible where all logits are equal.
      var (h00, h01, h11) = (1e-12, 0.0, 1e-12)
      for (x, target) in zip(x, targets) {
        let p = at.probability(x)
        g0 += (p - target) * x
        g1 += p - target
        let w = p * (1 - p)
        h00 += w * x * x
        h01 += w * x
        h11 += w
      }
      guard fitsOffset else { return (g0 / h00, 0) }
      let determinant = h00 * h11 - h01 * h01
      return ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant)
    }
  }
}
