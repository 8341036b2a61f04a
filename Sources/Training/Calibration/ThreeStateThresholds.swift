/// Parts probabilities of a finding into absent, uncertain and present.
public struct ThreeStateThresholds: Sendable, Equatable, Codable {
  /// What is said about a finding; the raw values stand in results.
  public enum State: String, Sendable, Codable, CaseIterable {
    /// From `presentFrom` on; between the two, or no number; below `absentBelow`.
    case present, uncertain, absent
  }

  /// Below this probability the finding is absent.
  public var absentBelow: Double
  /// From this probability on it is present; never below `absentBelow`.
  public var presentFrom: Double

  /// - Precondition: `absentBelow` is not above `presentFrom`.
  public init(absentBelow: Double, presentFrom: Double) {
    precondition(absentBelow <= presentFrom, "Absent below \(absentBelow), but present from \(presentFrom).")
    (self.absentBelow, self.presentFrom) = (absentBelow, presentFrom)
  }

  /// Thresholds that keep a stated sensitivity and specificity on validation rows.
  ///
  /// `absentBelow` is the highest threshold that still leaves `sensitivity` of the positives at or above
  /// it; `presentFrom` the lowest that leaves `specificity` of the negatives below it. Where labels part so
  /// well that the two would cross, any threshold between serves both: the middle is taken and nothing is
  /// uncertain.
  /// - Returns: nil without a positive or without a negative, or with a probability that is no number.
  public static func fit(
    _ probabilities: [Float], positive: [Bool], sensitivity: Double = 0.95, specificity: Double = 0.95
  ) -> ThreeStateThresholds? {
    precondition(
      probabilities.count == positive.count,
      "\(probabilities.count) probabilities for \(positive.count) labels")
    precondition(
      (0...1).contains(sensitivity) && (0...1).contains(specificity), "Shares lie between 0 and 1.")
    guard !probabilities.contains(where: \.isNaN) else { return nil }
    let rows = zip(probabilities, positive)
    let positives = rows.filter(\.1).map { Double($0.0) }.sorted()
    let negatives = rows.filter { !$0.1 }.map { Double($0.0) }.sorted()
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    // The rounding guards against shares such as 0.95 * 20 that come out a hair too large.
    let kept = Int((sensitivity * Double(positives.count) - 1e-9).rounded(.up))
    let low = kept == 0 ? (positives.last ?? 1).nextUp : positives[positives.count - kept]
    let below = Int((specificity * Double(negatives.count) - 1e-9).rounded(.up))
    let high = below == 0 ? negatives[0] : negatives[below - 1].nextUp
    guard low > high else { return ThreeStateThresholds(absentBelow: low, presentFrom: high) }
    let middle = (low + high) / 2
    return ThreeStateThresholds(absentBelow: middle, presentFrom: middle)
  }

  /// The same thresholds within what a probability can mean in a report: nothing likely is called absent and
  /// nothing unlikely present, and nothing is called uncertain below `suspicion`.
  ///
  /// A head that hardly sees a finding keeps its sensitivity only by doubting nearly every scan. Such doubt
  /// tells nothing; `StateRates` tell instead how often the finding is missed.
  /// - Parameter prevalence: share of the rows that have the finding.
  public func bounded(prevalence: Double) -> ThreeStateThresholds {
    let floor = ThreeStateThresholds.suspicion(prevalence: prevalence)
    return ThreeStateThresholds(
      absentBelow: min(max(absentBelow, floor), 0.5), presentFrom: max(presentFrom, 0.5))
  }

  /// The probability from which on a scan raises a suspicion: where it doubles the odds of the finding. A
  /// likelihood ratio under 2 hardly changes what was known before the scan (McGee 2002, "Simplifying likelihood
  /// ratios"). Never below `leastSuspicion`, nor above 0.3, so that common findings are doubted too.
  public static func suspicion(prevalence: Double) -> Double {
    let odds = 2 * prevalence / max(1 - prevalence, 1e-9)
    return min(max(odds / (1 + odds), leastSuspicion), 0.3)
  }

  /// Below this probability nothing is called uncertain.
  public static let leastSuspicion = 0.15

  /// What is said at `probability`; uncertain where it is no number.
  public func state(_ probability: Double) -> State {
    if probability.isNaN { return .uncertain }
    if probability < absentBelow { return .absent }
    return probability >= presentFrom ? .present : .uncertain
  }
}
