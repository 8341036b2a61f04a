extension Bootstrap {
  /// Draws units with replacement, again and again, and tells how often each row was drawn. All rows of a unit (a
  /// patient, a machine) come together, as they depend on each other. Nothing is stratified.
  ///
  /// Source: Davison and Hinkley, Bootstrap Methods and Their Application, 1997 (cluster bootstrap: whole clusters
  /// are drawn, rows within them stay as they are).
  /// - Parameters:
  ///   - units: the unit of each row; numbers from 0 on without gaps.
  ///   - seed: the same seed draws the same units; with one row a unit the same rows as `interval`.
  ///   - body: called for each draw with the times that each row was drawn.
  public static func draws(
    units: [Int], resamples: Int = 1000, seed: UInt64 = 0, _ body: (_ times: [Int]) -> Void
  ) {
    let count = (units.max() ?? -1) + 1
    precondition(units.allSatisfy { $0 >= 0 }, "Units are numbered from 0 on.")
    guard count > 0 else { return }
    var state = seed
    for _ in 0..<resamples {
      var drawn = [Int](repeating: 0, count: count)
      for _ in 0..<count { drawn[Int(next(&state).multipliedFullWidth(by: UInt64(count)).high)] += 1 }
      body(units.map { drawn[$0] })
    }
  }

  /// The bounds between which a share `level` of figures lies; nil without any. Those that are no number are left out.
  public static func bounds(_ figures: [Double], level: Double = 0.95) -> ClosedRange<Double>? {
    precondition((0...1).contains(level), "A level of \(level) is no probability.")
    let sorted = figures.filter { !$0.isNaN }.sorted()
    guard let lower = quantile(sorted, (1 - level) / 2), let upper = quantile(sorted, (1 + level) / 2)
    else { return nil }
    return lower...max(lower, upper)
  }
}
