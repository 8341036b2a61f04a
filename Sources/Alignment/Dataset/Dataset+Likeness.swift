import Encoders

extension Dataset {
  /// Holds out groups that are alike together, so that validation asks for what training has not seen.
  ///
  /// Several records of one bearing or machine look nearly the same: with one of them held out and another in train,
  /// every model seems perfect. The groups of a label are split into the two parts that differ most (average linkage
  /// over their mean features), and the smaller one is held out. Done only where all rows are windows of one task
  /// with one label each, and every label has three groups or more.
  /// - Returns: whether the rows were dealt out anew.
  @discardableResult
  public mutating func holdOutByLikeness() -> Bool {
    let samples = train + validation
    let labelled = samples.indices.filter { samples[$0].labels != nil }
    guard let first = labelled.first, tasks[samples[first].task].exclusive,
      labelled.allSatisfy({ samples[$0].stream == samples[first].stream && samples[$0].group != nil })
    else { return false }
    var members: [Int: [String: [Int]]] = [:]
    for index in labelled {
      guard case .series(let window) = samples[index].input, window.features != nil else { return false }
      let shares = samples[index].labels ?? []
      let label = shares.indices.max { shares[$0] < shares[$1] } ?? 0
      members[label, default: [:]][samples[index].group ?? "", default: []].append(index)
    }
    guard members.count > 1, members.values.allSatisfy({ $0.count >= 3 }) else { return false }
    var held: Set<String> = []
    for groups in members.values {
      let names = groups.keys.sorted()
      let places = names.map { name in
        Dataset.mean(
          (groups[name] ?? []).map { index -> [Float] in
            if case .series(let window) = samples[index].input { window.features ?? [] } else { [] }
          })
      }
      let parts = Dataset.twoParts(places)
      let sizes = parts.map { $0.reduce(0) { $0 + (groups[names[$1]]?.count ?? 0) } }
      held.formUnion(parts[sizes[1] <= sizes[0] ? 1 : 0].map { names[$0] })
    }
    // A group that has several labels would stand on the wrong side for one of them.
    let names = members.values.flatMap(\.keys)
    guard Set(names).count == names.count else { return false }
    train = samples.filter { !held.contains($0.group ?? "") }
    validation = samples.filter { held.contains($0.group ?? "") }
    return true
  }

  private static func mean(_ rows: [[Float]]) -> [Float] {
    var sum = [Float](repeating: 0, count: rows.first?.count ?? 0)
    for row in rows { for place in row.indices { sum[place] += row[place] } }
    return sum.map { $0 / Float(max(1, rows.count)) }
  }

  /// Joins the two nearest parts until two are left.
  private static func twoParts(_ places: [[Float]]) -> [[Int]] {
    var parts = places.indices.map { [$0] }
    let distances = places.map { a in
      places.map { b in zip(a, b).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }
    }
    func distance(_ a: [Int], _ b: [Int]) -> Float {
      a.reduce(0) { sum, i in b.reduce(sum) { $0 + distances[i][$1] } } / Float(a.count * b.count)
    }
    while parts.count > 2 {
      var nearest = (0, 1, Float.infinity)
      for i in parts.indices {
        for j in parts.indices where j > i {
          let found = distance(parts[i], parts[j])
          if found < nearest.2 { nearest = (i, j, found) }
        }
      }
      parts[nearest.0] += parts[nearest.1]
      parts.remove(at: nearest.1)
    }
    return parts
  }
}
