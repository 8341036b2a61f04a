/// Rows bound together, to be chosen or left as one, in strata of like label or target.
struct Units {
  struct Unit {
    var name: String
    var members: [Int]
    var stratum: String
    var labels: Set<String>
  }

  var units: [Unit] = []

  /// - Parameters:
  ///   - rows: all rows; `chosen` are those that take part.
  ///   - bond: the name that binds rows together, or nil for a row by itself.
  init(_ rows: [ManifestRow], _ chosen: [Int], bond: (Int) -> String?) {
    var frequency: [String: Int] = [:]
    for index in chosen { for label in rows[index].labels { frequency[label, default: 0] += 1 } }
    let targets = chosen.compactMap { rows[$0].labels.isEmpty ? rows[$0].target : nil }.sorted()
    var place: [String: Int] = [:]
    for index in chosen {
      let row = rows[index]
      let bound = bond(index)
      let name = bound.map { "group \($0)" } ?? "row \(row.id)"
      if let known = place[name] {
        units[known].members.append(index)
        units[known].labels.formUnion(row.labels)
      } else {
        place[name] = units.count
        units.append(Unit(name: name, members: [index], stratum: "", labels: Set(row.labels)))
      }
    }
    for index in units.indices {
      // The rarest label decides: the others have more rows elsewhere.
      let rarest = units[index].labels.min { (frequency[$0] ?? 0, $0) < (frequency[$1] ?? 0, $1) }
      if let rarest {
        units[index].stratum = "label \(rarest)"
      } else if let target = rows[units[index].members[0]].target, !targets.isEmpty {
        // Ten slices of equal size.
        let below = targets.partitioningIndex { $0 >= target }
        units[index].stratum = "target \(below * 10 / targets.count)"
      }
    }
  }

  var strata: [String: [Int]] { Dictionary(grouping: units.indices) { units[$0].stratum } }

  /// Members of about `wanted` rows in all, from every stratum its share, and of every label at least `atLeast`
  /// rows where there are so many.
  func choose(_ wanted: Int, atLeast: Int, seed: UInt64) -> Set<Int> {
    let total = units.reduce(0) { $0 + $1.members.count }
    guard total > 0 else { return [] }
    let ranks = units.map { SplitMix64.rank($0.name, seed: seed) }
    let ordered = strata.mapValues { $0.sorted { (ranks[$0], $0) < (ranks[$1], $1) } }
    // Largest remainders (Hamilton): whole quotas that add up.
    var quotas: [(stratum: String, quota: Int, rest: Double)] = []
    for (stratum, members) in ordered.sorted(by: { $0.key < $1.key }) {
      let size = members.reduce(0) { $0 + units[$1].members.count }
      let exact = Double(wanted) * Double(size) / Double(total)
      quotas.append((stratum, Int(exact), exact - exact.rounded(.down)))
    }
    let short = wanted - quotas.reduce(0) { $0 + $1.quota }
    for index in quotas.indices.sorted(by: { (-quotas[$0].rest, $0) < (-quotas[$1].rest, $1) }).prefix(
      max(0, short))
    {
      quotas[index].quota += 1
    }
    var taken: Set<Int> = []
    for (stratum, quota, _) in quotas {
      guard quota > 0, let members = ordered[stratum] else { continue }
      var count = 0
      // A unit is taken where that comes closer to the quota; where none does, the smallest.
      for unit in members where count < quota && 2 * (quota - count) >= units[unit].members.count {
        taken.insert(unit)
        count += units[unit].members.count
      }
      if count == 0, let smallest = members.min(by: { units[$0].members.count < units[$1].members.count }) {
        taken.insert(smallest)
      }
    }
    fillUp(&taken, atLeast, ranks)
    return Set(taken.flatMap { units[$0].members })
  }

  /// Adds units for labels of which fewer than `atLeast` rows were taken.
  private func fillUp(_ taken: inout Set<Int>, _ atLeast: Int, _ ranks: [UInt64]) {
    var byLabel: [String: [Int]] = [:]
    for (index, unit) in units.enumerated() {
      for label in unit.labels { byLabel[label, default: []].append(index) }
    }
    for (_, members) in byLabel.sorted(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) }) {
      var count = members.filter(taken.contains).reduce(0) { $0 + units[$1].members.count }
      // The units that overshoot least come first.
      let missing = atLeast - count
      let surplus = { (unit: Int) in max(0, units[unit].members.count - missing) }
      for unit in members.sorted(by: { (surplus($0), ranks[$0], $0) < (surplus($1), ranks[$1], $1) })
      where count < atLeast {
        if taken.insert(unit).inserted { count += units[unit].members.count }
      }
    }
  }
}

extension Array {
  /// The first index whose element satisfies `belongs`, all before it not doing so.
  func partitioningIndex(_ belongs: (Element) -> Bool) -> Int {
    var low = 0, high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
