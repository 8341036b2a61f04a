/// What is counted of the time column row by row.
struct TimeStatistics {
  private(set) var rows = 0, unreadable = 0, duplicates = 0, backwards = 0
  private(set) var gaps = 0, missingRows = 0
  private(set) var longestGap = 0.0, longestGapRow = 0
  private(set) var firstBackwardsRow = 0
  private var last = Double.nan
  private var steps = RowReservoir(width: 1, capacity: 4096)
  private var early: [(step: Double, row: Int)] = []
  private var usual: Double?

  private static let warmUp = 1024

  mutating func add(_ time: Double, row: Int) {
    rows += 1
    guard time.isFinite else {
      unreadable += 1
      return
    }
    defer { last = time }
    guard last.isFinite else { return }
    let step = time - last
    if step < 0 {
      if backwards == 0 { firstBackwardsRow = row }
      backwards += 1
    } else if step == 0 {
      duplicates += 1
    } else {
      steps.add(CollectionOfOne(Float(step)))
      if usual == nil { early.append((step, row)) } else { look(step, row) }
      if early.count >= Self.warmUp { settle() }
    }
  }

  private mutating func look(_ step: Double, _ row: Int) {
    guard let usual, step > 1.5 * usual else { return }
    gaps += 1
    missingRows += Int(min(1e15, (step / usual).rounded())) - 1
    if step > longestGap { (longestGap, longestGapRow) = (step, row) }
  }

  /// Takes the median of the first steps as the usual one.
  private mutating func settle() {
    guard usual == nil, let median = early.map(\.step).sorted().quantile(0.5) else { return }
    usual = median
    let waiting = early
    early = []
    for (step, row) in waiting { look(step, row) }
  }

  mutating func finish() -> (interval: Double, jitter: Double)? {
    settle()
    guard let usual else { return nil }
    return (usual, steps.column(0).robustDeviation() / 1.4826 / usual)
  }
}
