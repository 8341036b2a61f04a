/// What the thresholds of a finding reach on the rows that they were chosen on.
public struct StateRates: Sendable, Hashable, Codable {
  /// Rows with the finding and without it.
  public var positives: Int, negatives: Int
  /// Share of the positives that are not called absent; nil without positives.
  public var sensitivity: Double?
  /// Share of the negatives that are not called present; nil without negatives.
  public var specificity: Double?
  /// Share of the positives that are called present, and of the negatives that are called absent.
  public var found: Double?, cleared: Double?

  /// The sensitivity and specificity that thresholds are chosen for.
  public static let wanted = 0.95

  /// - Parameters:
  ///   - probabilities: calibrated, one a row.
  ///   - positive: whether the row has the finding.
  public init(_ probabilities: [Float], positive: [Bool], thresholds: ThreeStateThresholds) {
    precondition(
      probabilities.count == positive.count,
      "\(probabilities.count) probabilities for \(positive.count) labels")
    let states = probabilities.map { thresholds.state(Double($0)) }
    let with = zip(states, positive).filter(\.1).map(\.0),
      without = zip(states, positive).filter { !$0.1 }.map(\.0)
    func share(_ states: [ThreeStateThresholds.State], _ counts: (ThreeStateThresholds.State) -> Bool)
      -> Double?
    {
      states.isEmpty ? nil : Double(states.count(where: counts)) / Double(states.count)
    }
    (positives, negatives) = (with.count, without.count)
    (sensitivity, found) = (share(with) { $0 != .absent }, share(with) { $0 == .present })
    (specificity, cleared) = (share(without) { $0 != .present }, share(without) { $0 == .absent })
  }

  /// Whether the finding is missed more often than thresholds are chosen for.
  public var isWeak: Bool { (sensitivity ?? 1) < StateRates.wanted - 1e-9 }
}
