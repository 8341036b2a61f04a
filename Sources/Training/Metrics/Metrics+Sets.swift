extension Metrics {
  /// F1 of sets of things stated against sets of things that hold, 0 to 1: over all things together (micro), and the mean
  /// over those that hold anywhere (macro). nil where nothing holds anywhere.
  /// - Parameters:
  ///   - stated: one set a row.
  ///   - truth: one set a row.
  public static func setF1(_ stated: [Set<Int>], truth: [Set<Int>]) -> (micro: Double, macro: Double)? {
    precondition(stated.count == truth.count, "\(stated.count) rows stated, \(truth.count) known")
    var hits: [Int: Int] = [:], others: [Int: Int] = [:]
    for (stated, truth) in zip(stated, truth) {
      for thing in stated.intersection(truth) { hits[thing, default: 0] += 1 }
      for thing in stated.symmetricDifference(truth) { others[thing, default: 0] += 1 }
    }
    let holding = truth.reduce(into: Set<Int>()) { $0.formUnion($1) }
    guard !holding.isEmpty else { return nil }
    func f1(_ hits: Int, _ others: Int) -> Double { 2 * Double(hits) / Double(max(1, 2 * hits + others)) }
    return (
      f1(hits.values.reduce(0, +), others.values.reduce(0, +)),
      holding.sorted().reduce(0.0) { $0 + f1(hits[$1] ?? 0, others[$1] ?? 0) } / Double(holding.count)
    )
  }
}
