import Layers

/// Which rows are held out together when a strength is chosen.
struct Folds: Sendable {
  /// Rows of each fold, ascending; empty where the rows cannot be parted.
  let held: [[Int]]
  /// Rows that each fold leaves to learn from, ascending.
  let kept: [[Int]]

  /// - Parameter fold: of each row, any numbers; rows of one fold are held out together. More than ten folds are
  ///   joined to ten, large ones with small ones, since every one costs a fit.
  init(_ fold: [Int]) {
    var rows: [Int: [Int]] = [:]
    for (row, name) in fold.enumerated() { rows[name, default: []].append(row) }
    let names = rows.keys.sorted { (rows[$1]?.count ?? 0, $0) < (rows[$0]?.count ?? 0, $1) }
    var joined = [[Int]](repeating: [], count: min(10, names.count))
    for name in names {
      let emptiest = joined.indices.min { (joined[$0].count, $0) < (joined[$1].count, $1) } ?? 0
      joined[emptiest] += rows[name] ?? []
    }
    held = joined.count > 1 ? joined.map { $0.sorted() } : []
    kept = held.map { own in
      let own = Set(own)
      return fold.indices.filter { !own.contains($0) }
    }
  }

  /// Whether there are folds to hold out at all.
  static func canHold(_ fold: [Int]) -> Bool { fold.contains { $0 != fold[0] } }

  /// Five folds with the same share of every class, fewer where a class has fewer rows (two at least): classes with
  /// a single row are not counted, for they cannot be parted.
  static func stratified(_ labels: [Int], seed: UInt64) -> [Int] {
    var rows: [Int: [Int]] = [:]
    for (row, label) in labels.enumerated() { rows[label, default: []].append(row) }
    let smallest = rows.values.map(\.count).filter { $0 > 1 }.min() ?? labels.count
    let count = max(1, min(5, max(2, smallest), labels.count))
    var rng = SeededGenerator(seed: seed)
    var fold = [Int](repeating: 0, count: labels.count)
    // Classes follow on one another, so that folds stay equally large.
    var next = 0
    for label in rows.keys.sorted() {
      let own = rows[label] ?? []
      for place in rng.permutation(own.count) {
        fold[own[place]] = next % count
        next += 1
      }
    }
    return fold
  }

  /// The folds of each row as given, or stratified ones.
  static func chosen(_ given: [Int]?, _ labels: [Int], seed: UInt64, _ learner: String) throws -> [Int] {
    guard let given else { return stratified(labels, seed: seed) }
    guard given.count == labels.count else {
      throw TrainingError(
        place: learner, reason: "There are \(labels.count) rows and folds for \(given.count).",
        remedy: "Name the fold of each row.")
    }
    return given
  }

  /// At most `limit` rows with about the same share of every class, ascending; each class keeps one at least.
  static func part(_ labels: [Int], limit: Int, seed: UInt64) -> [Int] {
    guard labels.count > limit else { return Array(labels.indices) }
    var rows: [Int: [Int]] = [:]
    for (row, label) in labels.enumerated() { rows[label, default: []].append(row) }
    var rng = SeededGenerator(seed: seed).split(1)
    return rows.keys.sorted().flatMap { label in
      let own = rows[label] ?? []
      let count = max(1, own.count * limit / labels.count)
      return rng.permutation(own.count).prefix(count).map { own[$0] }
    }.sorted()
  }
}
