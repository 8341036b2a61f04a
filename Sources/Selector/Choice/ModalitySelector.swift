import Foundation

/// Decides which of the inputs at hand count, how much each, and which head answers.
public struct ModalitySelector: Sendable {
  /// Chance of being right for an input of each kind, learned from inputs that were damaged on purpose.
  public var networks: [String: TrustNetwork]
  /// Inputs that are less likely to help than this are left out.
  public var threshold: Float
  /// How much trust one unit of cost must bring.
  public var price: Float

  /// - Parameters:
  ///   - networks: by kind of input; kinds without one are judged by strangeness and complaints.
  ///   - threshold: least trust of an input that is used, cost taken off.
  ///   - price: trust that one unit of cost must bring.
  public init(networks: [String: TrustNetwork], threshold: Float = 0.5, price: Float = 0.005) {
    (self.networks, self.threshold, self.price) = (networks, threshold, price)
  }

  /// Chance that the head is right on this input; without a trained network of its kind, what strangeness and
  /// complaints suggest.
  public func trust(_ candidate: Candidate) -> Float {
    if candidate.objection != nil { return 0 }
    if candidate.evidence.quality.contrast < 0.02 || candidate.evidence.quality.missing > 0.9 { return 0 }
    guard let network = networks[candidate.kind] else {
      return candidate.evidence.quality.complaints.isEmpty && candidate.evidence.strangeness < 2 ? 0.8 : 0.3
    }
    let trust = network.trust(candidate.evidence)
    // Evidence that is no number, as of a head that overflowed, earns no trust.
    return trust.isFinite ? trust : 0
  }

  /// Decides for the inputs of one case.
  /// - Returns: one choice a candidate, in their order; the weights of those used add up to 1. All are left
  ///   out when none can be trusted.
  public func choose(_ candidates: [Candidate]) -> [Choice] {
    let trusts = candidates.map(trust)
    let worth = zip(candidates, trusts).map { candidate, trust in trust - price * candidate.cost }
    let used = worth.map { $0 >= threshold }
    let total = zip(worth, used).reduce(Float(0)) { $0 + ($1.1 ? $1.0 * $1.0 : 0) }
    return candidates.indices.map { index in
      let candidate = candidates[index]
      return Choice(
        kind: candidate.kind, task: candidate.task, head: candidate.head, evidence: candidate.evidence,
        trust: trusts[index], cost: candidate.cost,
        weight: used[index] ? worth[index] * worth[index] / max(total, 1e-9) : 0, used: used[index],
        reasons: reasons(candidate, trust: trusts[index], used: used[index]),
        objection: candidate.objection)
    }
  }

  private func reasons(_ candidate: Candidate, trust: Float, used: Bool) -> [String] {
    if let objection = candidate.objection { return ["Left out: \(objection.text)"] }
    let percent = Int((trust * 100).rounded())
    var found = [
      used
        ? "Used: on such inputs the \(candidate.head.rawValue) head is expected to be right in \(percent) % of cases."
        : "Left out: on such inputs the \(candidate.head.rawValue) head is expected to be right in only \(percent) % of cases."
    ]
    found += candidate.evidence.quality.complaints.map {
      $0.text.prefix(1).uppercased() + $0.text.dropFirst() + "."
    }
    if candidate.evidence.strangeness > 1.5 {
      let times = String(format: "%.1f", candidate.evidence.strangeness)
      found.append(
        "It lies \(candidate.evidence.strangeness < 4 ? times : "at least 4") times as far from the training data as is usual."
      )
    }
    if candidate.evidence.uncertainty > 0.6 { found.append("The head is undecided between its answers.") }
    return found
  }
}
