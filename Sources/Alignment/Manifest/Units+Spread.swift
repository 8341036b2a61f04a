extension Units {
  /// The order in which units are taken: by chance, but windows of a recording that overlap are spread over it, for
  /// those beside each other tell much the same.
  ///
  /// Within a recording the windows of a stratum come in the order of van der Corput's sequence (1935), which halves the
  /// longest gap again and again, begun at a place by chance; recordings take turns according to their lengths. The
  /// first part of the order is spread as the whole is, so that a smaller share is part of a larger one.
  /// - Parameter ranks: by chance, one a unit.
  /// - Returns: one key a unit; the lowest is taken first.
  func spread(_ ranks: [UInt64], _ rows: [ManifestRow], seed: UInt64) -> [Double] {
    var keys = ranks.map { Double($0) / 0x1p64 }
    for (_, recording) in recordings(rows) where overlap(recording, rows) {
      let count = recording.count, name = units[recording[0]].name
      let chance = keys[recording[0]]
      let begin = Int(SplitMix64.rank("spread \(name)", seed: seed) % UInt64(count))
      for (turn, place) in Units.halving(count).enumerated() {
        keys[recording[(begin + place) % count]] = (Double(turn) + chance) / Double(count)
      }
    }
    return keys
  }

  /// Units of one window each, by stratum and recording, in the order of their rows.
  private func recordings(_ rows: [ManifestRow]) -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    for index in units.indices where units[index].members.count == 1 {
      let row = rows[units[index].members[0]]
      guard let series = row.series, row.start != nil else { continue }
      found["\(units[index].stratum)\n\(row.group ?? "")\n\(series)", default: []].append(index)
    }
    return found.mapValues { members in
      members.sorted {
        let (a, b) = (rows[units[$0].members[0]], rows[units[$1].members[0]])
        return (a.start ?? 0, a.id) < (b.start ?? 0, b.id)
      }
    }
  }

  /// Whether most windows share rows with the next one.
  private func overlap(_ recording: [Int], _ rows: [ManifestRow]) -> Bool {
    let windows = recording.map { rows[units[$0].members[0]] }
    let shared = zip(windows, windows.dropFirst()).count { ($1.start ?? 0) <= ($0.end ?? 0) }
    return 2 * shared > windows.count
  }

  /// The places below `count`, each once, in the order of van der Corput's sequence.
  static func halving(_ count: Int) -> [Int] {
    var seen = [Bool](repeating: false, count: count), order: [Int] = []
    var bits = 1
    while 1 << bits < 2 * count { bits += 1 }
    for step in 0..<1 << bits where order.count < count {
      var reversed = 0
      for bit in 0..<bits where step >> bit & 1 == 1 { reversed |= 1 << (bits - 1 - bit) }
      let place = reversed * count >> bits
      if !seen[place] {
        seen[place] = true
        order.append(place)
      }
    }
    return order
  }
}
