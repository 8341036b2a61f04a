/// Confidence intervals by drawing rows again with replacement.
///
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993 (percentile interval).
public enum Bootstrap {
  /// The bounds between which a share `level` of the resampled statistics lies.
  /// - Parameters:
  ///   - count: rows of the data.
  ///   - resamples: draws; 1000 gives bounds that are stable to about a tenth of their width.
  ///   - seed: the same seed gives the same interval.
  ///   - statistic: the figure of the rows with these indices; a draw for which it is nil is left out. Draw
  ///     patients or machines, not rows, where rows of one depend on each other.
  /// - Returns: nil where no draw gives a figure.
  public static func interval(
    count: Int, resamples: Int = 1000, level: Double = 0.95, seed: UInt64 = 0, statistic: ([Int]) -> Double?
  ) -> ClosedRange<Double>? {
    precondition((0...1).contains(level), "A level of \(level) is no probability.")
    guard count > 0 else { return nil }
    var state = seed
    var figures: [Double] = []
    for _ in 0..<resamples {
      let rows = (0..<count).map { _ in Int(next(&state).multipliedFullWidth(by: UInt64(count)).high) }
      if let figure = statistic(rows) { figures.append(figure) }
    }
    return bounds(figures, level: level)
  }

  /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The quantile of sorted values, linear between neighbours.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let place = share * Double(sorted.count - 1)
    let below = min(max(Int(place), 0), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}
