/// A validation part carved out of the train part of a manifest that has none.
public struct HoldOut: Sendable {
  /// How the part was found.
  public enum Method: String, Sendable, Codable {
    /// The manifest has a validation part of its own.
    case given
    /// Whole groups, label by label.
    case groups
    /// The later part of each recording, with a gap so that no window lies on both sides.
    case blocks
    /// Single rows, label by label.
    case rows
    /// There are too few rows to hold any out.
    case none
  }

  /// How the validation rows were found.
  public let method: Method
  /// All rows, those held out with the split `val`; rows in a gap are left out.
  public let rows: [ManifestRow]
  /// In the order of the rows.
  public let validationIDs: [String]
  /// Train rows given up because they overlap with a row held out.
  public let droppedIDs: [String]

  /// Groups are held out whole unless that would cost more than this share of the train rows; a data set with one
  /// or two recordings of each label falls back to later blocks of each.
  static let mostByGroups = 0.35

  /// - Parameters:
  ///   - fraction: of the train rows, about.
  ///   - seed: the same rows for the same seed, whatever their order.
  public init(_ rows: [ManifestRow], fraction: Double = 0.15, seed: UInt64 = 0) {
    let train = rows.indices.filter { rows[$0].split == .train }
    if rows.contains(where: { $0.split == .val }) {
      let given = rows.filter { $0.split == .val }.map(\.id)
      (self.method, self.rows, validationIDs, droppedIDs) = (.given, rows, given, [])
      return
    }
    var method = Method.none
    var chosen: Set<Int> = [], dropped: Set<Int> = []
    if let groups = Self.byGroups(rows, train, fraction, seed) {
      (method, chosen) = (.groups, groups)
    } else if let blocks = Self.byBlocks(rows, train, fraction) {
      (method, chosen, dropped) = (.blocks, blocks.held, blocks.dropped)
    } else {
      // Rows that look at the same input stay together.
      chosen = Self.stratified(Units(rows, train) { rows[$0].inputKey }, train.count, fraction, seed)
      method = chosen.isEmpty ? .none : .rows
    }
    self.method = method
    validationIDs = rows.indices.filter(chosen.contains).map { rows[$0].id }
    droppedIDs = rows.indices.filter(dropped.contains).map { rows[$0].id }
    self.rows = rows.indices.filter { !dropped.contains($0) }.map { index in
      var row = rows[index]
      if chosen.contains(index) { row.split = .val }
      return row
    }
  }

  /// Nil where there are no groups, or too few of them.
  private static func byGroups(
    _ rows: [ManifestRow], _ train: [Int], _ fraction: Double, _ seed: UInt64
  ) -> Set<Int>? {
    let grouped = train.filter { rows[$0].group != nil }
    guard grouped.count * 2 > train.count, Set(grouped.map { rows[$0].group }).count >= 5 else { return nil }
    // A group of one row and a row without a group are alike.
    let units = Units(rows, train) { rows[$0].group ?? rows[$0].inputKey }
    // Labels that stand in a single group cannot be on both sides.
    var groupsOfLabel: [String: Int] = [:]
    for unit in units.units { for label in unit.labels { groupsOfLabel[label, default: 0] += 1 } }
    guard groupsOfLabel.values.count(where: { $0 < 2 }) * 4 <= groupsOfLabel.count else { return nil }
    let chosen = stratified(units, train.count, fraction, seed)
    guard !chosen.isEmpty, Double(chosen.count) <= max(mostByGroups, 1.5 * fraction) * Double(train.count)
    else {
      return nil
    }
    return chosen
  }

  /// About `fraction` of each stratum, never the last unit of a label.
  private static func stratified(_ units: Units, _ total: Int, _ fraction: Double, _ seed: UInt64) -> Set<Int>
  {
    guard units.units.count >= 4 else { return [] }
    var left: [String: Int] = [:]
    for unit in units.units { for label in unit.labels { left[label, default: 0] += 1 } }
    var chosen: Set<Int> = []
    for (stratum, members) in units.strata.sorted(by: { $0.key < $1.key }) where members.count >= 2 {
      // Another salt than that of label subsets, so that one choice does not follow from the other.
      let ordered = members.sorted {
        let a = SplitMix64.rank("held out \(units.units[$0].name)", seed: seed)
        let b = SplitMix64.rank("held out \(units.units[$1].name)", seed: seed)
        return (a, $0) < (b, $1)
      }
      let size = members.reduce(0) { $0 + units.units[$1].members.count }
      let quota = max(fraction * Double(size), stratum.hasPrefix("label") ? 1 : 0)
      var count = 0
      for index in ordered.dropLast() {
        let unit = units.units[index]
        guard Double(count) < quota, count == 0 || 2 * (quota - Double(count)) >= Double(unit.members.count)
        else { break }
        guard unit.labels.allSatisfy({ left[$0, default: 0] > 1 }) else { continue }
        for label in unit.labels { left[label, default: 0] -= 1 }
        chosen.formUnion(unit.members)
        count += unit.members.count
      }
    }
    return chosen
  }

  /// The last windows of every stretch of one label in a recording; nil where windows do not overlap.
  private static func byBlocks(
    _ rows: [ManifestRow], _ train: [Int], _ fraction: Double
  ) -> (held: Set<Int>, dropped: Set<Int>)? {
    struct Window { var index: Int, start: Int, end: Int }
    var files: [String: [Window]] = [:]
    for index in train {
      guard let series = rows[index].series, let start = rows[index].start, let end = rows[index].end else {
        continue
      }
      files[series, default: []].append(Window(index: index, start: start, end: end))
    }
    for key in files.keys { files[key]?.sort { ($0.start, $0.end, $0.index) < ($1.start, $1.end, $1.index) } }
    let windows = files.values.reduce(0) { $0 + $1.count }
    let overlapping = files.values.reduce(0) { sum, windows in
      sum + zip(windows, windows.dropFirst()).count { $0.end >= $1.start && $0.start != $1.start }
    }
    guard windows * 2 > train.count, overlapping * 4 > windows else { return nil }

    var held: Set<Int> = [], dropped: Set<Int> = []
    for windows in files.values {
      // Windows that follow one another with the same labels make a stretch; those without labels belong to it.
      var stretches: [[Window]] = []
      var labels: [String] = []
      for window in windows {
        let own = rows[window.index].labels
        if let last = stretches.last?.last, own.isEmpty || labels.isEmpty || own == labels,
          rows[last.index].group == rows[window.index].group
        {
          stretches[stretches.count - 1].append(window)
          if labels.isEmpty { labels = own }
        } else {
          stretches.append([window])
          labels = own
        }
      }
      for stretch in stretches {
        let count = Int((fraction * Double(stretch.count)).rounded())
        guard count >= 1, stretch.count >= 4, let first = stretch.suffix(count).map(\.start).min() else {
          continue
        }
        // A stretch whose few labels would all go is left whole.
        let isLabelled = stretch.contains { !rows[$0.index].labels.isEmpty }
        let keepsLabels = stretch.dropLast(count).contains {
          $0.end < first && !rows[$0.index].labels.isEmpty
        }
        guard keepsLabels || !isLabelled else { continue }
        held.formUnion(stretch.suffix(count).map(\.index))
      }
      // Train windows that share a row with one held out are given up.
      let blocked = windows.filter { held.contains($0.index) }
      for window in windows where !held.contains(window.index) {
        if blocked.contains(where: { $0.start <= window.end && window.start <= $0.end }) {
          dropped.insert(window.index)
        }
      }
    }
    // A gap must not eat all that is left of a label.
    let rest = Set(train.filter { !held.contains($0) && !dropped.contains($0) }.flatMap { rows[$0].labels })
    guard !held.isEmpty, Set(train.flatMap { rows[$0].labels }).isSubset(of: rest) else { return nil }
    return (held, dropped)
  }
}
