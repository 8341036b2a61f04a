extension Units {
  /// Deals whole units out to parts, so that every part gets its share of every stratum.
  ///
  /// Largest units first, each to the part that lacks most rows of its stratum, as in iterative stratification
  /// (Sechidis, Tsoumakas and Vlahavas, “On the Stratification of Multi-label Data”, ECML 2011); what is dealt too much
  /// in one stratum is made up for in the next. Labels that have a unit for every part come to stand in all of them.
  /// - Parameter shares: of all rows, by part; a part with share 0 gets nothing.
  /// - Returns: the part of each unit.
  func deal(_ shares: [Double], seed: UInt64) -> [Int] {
    let open = shares.indices.filter { shares[$0] > 0 }
    var part = [Int](repeating: open.first ?? 0, count: units.count)
    // Another salt than that of label subsets and of what is held out.
    let ranks = units.map { SplitMix64.rank("dealt \($0.name)", seed: seed) }
    var lacking = shares.map { _ in 0.0 }
    let rarestFirst = strata.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
    for (_, members) in rarestFirst {
      let rows = members.reduce(0) { $0 + units[$1].members.count }
      for place in open { lacking[place] += shares[place] * Double(rows) }
      let ordered = members.sorted {
        (-units[$0].members.count, ranks[$0], $0) < (-units[$1].members.count, ranks[$1], $1)
      }
      var empty = Set(open)
      for (offset, unit) in ordered.enumerated() {
        let mustFill = ordered.count >= open.count && ordered.count - offset <= empty.count
        // A stratum with fewer units than parts goes to the first parts: what is not trained cannot be answered.
        let few = ordered.count < open.count ? [open[offset]] : open
        guard
          let best = few.filter({ !mustFill || empty.contains($0) })
            .max(by: { (lacking[$0], -$0) < (lacking[$1], -$1) })
        else { continue }
        part[unit] = best
        lacking[best] -= Double(units[unit].members.count)
        empty.remove(best)
      }
    }
    bringEveryLabel(to: open, &part, ranks)
    return part
  }

  /// Moves units for labels that are no stratum of their own and miss a part although they have units enough.
  private func bringEveryLabel(to open: [Int], _ part: inout [Int], _ ranks: [UInt64]) {
    var members: [String: [Int]] = [:]
    for (index, unit) in units.enumerated() {
      for label in unit.labels { members[label, default: []].append(index) }
    }
    for (_, own) in members.sorted(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) })
    where own.count >= open.count {
      for place in open where !own.contains(where: { part[$0] == place }) {
        let counts = open.map { other in own.count { part[$0] == other } }
        guard let most = counts.max(), let giver = counts.firstIndex(of: most).map({ open[$0] }) else {
          continue
        }
        // No other label may lose its last unit there.
        let free = own.filter { unit in
          part[unit] == giver
            && units[unit].labels.allSatisfy { label in
              (members[label] ?? []).count { part[$0] == giver } > 1
            }
        }
        let moved = free.min {
          (units[$0].members.count, ranks[$0], $0) < (units[$1].members.count, ranks[$1], $1)
        }
        if let moved { part[moved] = place }
      }
    }
  }
}
