/// Intervals around predicted numbers that hold the truth in a stated share of rows like those they were fitted on:
/// split conformal prediction (Lei et al. 2018, "Distribution-free predictive inference for regression"), with ranges of
/// the prediction fitted one by one (Mondrian; Vovk et al. 2005) and each side by itself: errors differ between the
/// beginning and the end of a life, and seldom lie evenly around 0.
///
/// What is promised holds for rows drawn like the fitted ones. Rows of one machine are alike, so that with few machines
/// the share on a new one varies; `coverage` tells what whole groups that were held out gave.
public struct ConformalInterval: Sendable, Codable, Hashable {
  /// Rows of a range, at least: each tail of a 90 % interval then rests on five rows.
  private static let rowsARange = 100
  private static let ranges = 5
  private static let folds = 5

  /// Share of rows whose truth an interval is to hold.
  public var level: Double
  /// Predictions from which on the next range holds, rising; one fewer than ranges.
  public var edges: [Double]
  /// For each range how far the truth may lie below the prediction, in units of the number; negative where the truth is
  /// always above.
  public var below: [Double]
  /// For each range how far it may lie above.
  public var above: [Double]
  /// No truth was negative, so that no interval reaches below 0.
  public var isPositive: Bool
  /// Share of rows that were held out with their whole groups whose truth was held; nil with fewer than two groups.
  public var coverage: Double?
  /// Rows that it was fitted on.
  public var rows: Int

  /// Fits to rows that nothing was trained on.
  /// - Parameters:
  ///   - groups: of each row, such as its machine; rows without one stand alone.
  ///   - level: between 0 and 1.
  /// - Returns: nil with fewer rows than the tails of `level` can be told from.
  public static func fit(
    _ predicted: [Float], truth: [Float], groups: [String?], level: Double = 0.9
  ) -> ConformalInterval? {
    precondition(predicted.count == truth.count && truth.count == groups.count && level > 0 && level < 1)
    let pairs = zip(predicted, truth).map { (predicted: Double($0), truth: Double($1)) }
    guard pairs.allSatisfy({ $0.predicted.isFinite && $0.truth.isFinite }),
      var whole = ConformalInterval(pairs, level: level)
    else { return nil }
    whole.coverage = heldOut(pairs, groups, level)
    return whole
  }

  private init?(_ pairs: [(predicted: Double, truth: Double)], level: Double) {
    let tail = (1 + level) / 2
    guard ConformalInterval.rank(tail, of: pairs.count) <= pairs.count else { return nil }
    let sorted = pairs.map(\.predicted).sorted()
    let count = max(1, min(ConformalInterval.ranges, pairs.count / ConformalInterval.rowsARange))
    // Equal predictions stay in one range.
    edges = []
    for range in 1..<max(1, count) {
      let edge = sorted[range * sorted.count / count]
      if edge > sorted[0], edge > edges.last ?? -.infinity { edges.append(edge) }
    }
    (self.level, rows) = (level, pairs.count)
    isPositive = pairs.allSatisfy { $0.truth >= 0 }
    (below, above, coverage) = ([], [], nil)
    for range in 0...edges.count {
      let errors = pairs.filter { self.range($0.predicted) == range }.map { $0.truth - $0.predicted }
      below.append(ConformalInterval.quantile(errors.map { -$0 }, tail))
      above.append(ConformalInterval.quantile(errors, tail))
    }
  }

  /// Whether its parts belong together; one that was read from a file may not be asked before.
  public var isSound: Bool {
    below.count == edges.count + 1 && above.count == edges.count + 1
      && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// The interval around a prediction.
  public func bounds(_ predicted: Double) -> (low: Double, high: Double) {
    let range = range(predicted)
    let low = predicted - below[range], high = predicted + above[range]
    return isPositive ? (max(0, low), max(0, high)) : (low, high)
  }

  /// Share of truths that their intervals hold, and the intervals' mean width in units of the number; nil without rows.
  public func score(_ predicted: [Float], truth: [Float]) -> (share: Double, width: Double)? {
    guard !truth.isEmpty else { return nil }
    let all = predicted.map { bounds(Double($0)) }
    let held = zip(all, truth).count { $0.low <= Double($1) && Double($1) <= $0.high }
    return (
      Double(held) / Double(truth.count), all.reduce(0) { $0 + $1.high - $1.low } / Double(truth.count)
    )
  }

  private func range(_ predicted: Double) -> Int { edges.count { $0 <= predicted } }

  /// The place of a quantile among `count` values such that a further value lies at or below it with that chance.
  private static func rank(_ share: Double, of count: Int) -> Int {
    Int((share * Double(count + 1) - 1e-9).rounded(.up))
  }

  private static func quantile(_ values: [Double], _ share: Double) -> Double {
    values.sorted()[min(values.count, rank(share, of: values.count)) - 1]
  }

  private static func heldOut(
    _ pairs: [(predicted: Double, truth: Double)], _ groups: [String?], _ level: Double
  ) -> Double? {
    let names = Set(groups.compactMap { $0 }).sorted()
    let all = groups.indices.map { groups[$0] ?? "" }
    guard names.count > 1 || groups.contains(nil) else { return nil }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 % folds) })
    let parts = all.indices.map { places[all[$0]] ?? $0 % folds }
    var held = 0, asked = 0
    for fold in 0..<folds {
      let rest = pairs.indices.filter { parts[$0] != fold }
      guard rest.count < pairs.count, let fitted = ConformalInterval(rest.map { pairs[$0] }, level: level)
      else { continue }
      for row in pairs.indices where parts[row] == fold {
        let bounds = fitted.bounds(pairs[row].predicted)
        asked += 1
        if bounds.low <= pairs[row].truth && pairs[row].truth <= bounds.high { held += 1 }
      }
    }
    return asked == 0 ? nil : Double(held) / Double(asked)
  }
}
