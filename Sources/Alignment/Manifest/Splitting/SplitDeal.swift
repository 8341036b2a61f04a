/// Rows of a manifest that names no splits, dealt out to train, validation and test.
///
/// What belongs together stays together: rows of a group, rows on one file, overlapping windows; recordings without a
/// group stay whole where there are enough of them. The same rows and seed give the same parts.
public struct SplitDeal: Sendable {
  /// What is known of a deal afterwards, so that the same rows are scored again.
  public struct Record: Sendable, Codable, Hashable {
    /// As `--split-parts` takes it: train, validation, test.
    public var parts: String
    /// Of the choice.
    public var seed: UInt64
    /// Ids of the rows to choose by, in the manifest's order.
    public var val: [String]
    /// Ids of the rows to score, in the manifest's order. All others are train rows.
    public var test: [String]

    /// Gives every row the split that it was dealt.
    public func applied(to rows: [ManifestRow]) -> [ManifestRow] {
      let val = Set(val), test = Set(test)
      return rows.map { row in
        var row = row
        row.split = test.contains(row.id) ? .test : val.contains(row.id) ? .val : .train
        return row
      }
    }
  }

  /// All rows, each with its split.
  public let rows: [ManifestRow]
  /// To be kept with what is trained.
  public let record: Record

  /// Nil where rows hang together so much that a part would stay empty, or more than a quarter of the labels would
  /// miss a part.
  public init?(_ rows: [ManifestRow], parts: SplitParts = .usual, seed: UInt64 = 0) {
    let open = parts.weights.count { $0 > 0 }
    let ways = [RowBonds.Recordings.whole, .overlaps].lazy.map { Self.units(rows, $0) }
    guard let units = ways.first(where: { Self.isEnough($0, for: open) }) else { return nil }
    let part = units.deal(parts.shares, seed: seed)
    var split = [Split](repeating: .train, count: rows.count)
    for (unit, place) in zip(units.units, part) {
      for member in unit.members { split[member] = Split.allCases[place] }
    }
    let dealt = zip(rows, split).map { row, split in
      var row = row
      row.split = split
      return row
    }
    self.rows = dealt
    func ids(_ split: Split) -> [String] { dealt.filter { $0.split == split }.map(\.id) }
    record = Record(parts: parts.description, seed: seed, val: ids(.val), test: ids(.test))
  }

  private static func units(_ rows: [ManifestRow], _ recordings: RowBonds.Recordings) -> Units {
    var bonds = RowBonds(rows, recordings: recordings)
    let firsts = bonds.firsts()
    // Named by the least id, so that a choice does not depend on the order of the rows.
    let names = Dictionary(zip(firsts, rows.map(\.id)), uniquingKeysWith: min)
    return Units(rows, Array(rows.indices)) { names[firsts[$0]] }
  }

  private static func isEnough(_ units: Units, for parts: Int) -> Bool {
    guard units.units.count >= parts else { return false }
    var counts: [String: Int] = [:]
    for unit in units.units { for label in unit.labels { counts[label, default: 0] += 1 } }
    return counts.values.count { $0 < parts } * 4 <= counts.count
  }
}
