import Training

/// Rows to choose or score by that training has seen already, in one way or another.
///
/// A score on such rows says how well something is remembered. Validation rows are compared with train rows, test rows
/// with both: the validation part chose epoch, calibration and who answers.
public struct SplitAudit: Sendable {
  /// What a bundle keeps of an audit.
  public struct Record: Sendable, Codable, Hashable {
    /// Rows that one kind of reason speaks of.
    public struct Count: Sendable, Codable, Hashable {
      /// What they share with an earlier split.
      public var kind: SplitFinding.Kind
      /// Of the rows: val or test.
      public var split: Split
      /// How many there are; a row may stand under several kinds.
      public var rows: Int
    }

    /// Different pictures and frames that were compared, and windows.
    public var pictures: Int, windows: Int
    /// Rows by split (`train`, `val`, `test`).
    public var rows: [String: Int]
    /// Rows that are not new, by split, each counted once; without splits that have none.
    public var seen: [String: Int]
    /// The same by reason.
    public var counts: [Count]
    /// Some findings of every count, the likest first.
    public var examples: [SplitFinding]
  }

  /// Everything that was found; at most one for a row and kind.
  public let findings: [SplitFinding]
  private let pictures: Int, windows: Int
  private let rows: [String: Int]

  /// - Parameters:
  ///   - rows: of the manifest; their splits are those of `data`.
  ///   - data: the decoded samples.
  ///   - leakedGroups: groups that the manifest has in two splits.
  public init(_ rows: [ManifestRow], _ data: Dataset, leakedGroups: [String] = [], on team: ReplicaTeam)
    throws
  {
    let parts = [(Split.train, data.train), (.val, data.validation), (.test, data.test)]
    var split: [String: Split] = [:]
    for (name, samples) in parts { for sample in samples { split[sample.id] = name } }
    let used = rows.compactMap { row -> ManifestRow? in
      guard let split = split[row.id] else { return nil }
      var row = row
      row.split = split
      return row
    }
    var found = SplitAudit.groups(used, Set(leakedGroups))
    found += LeakAudit.sharedInputs(used).map { shared in
      SplitFinding(
        kind: .overlap, id: shared.second, split: split[shared.second] ?? .test, twin: shared.first,
        twinSplit: split[shared.first] ?? .train, shared: shared.path)
    }
    let readings = WindowTwins(parts)
    let pictures = try PictureTwins(parts, on: team)
    // A clip may have several frames of another; the likest is kept.
    found += readings.findings + pictures.findings.sorted { ($0.likeness ?? 0) > ($1.likeness ?? 0) }
    var known: Set<[String]> = []
    findings = found.filter { known.insert([$0.kind.rawValue, $0.id]).inserted }
    (self.pictures, windows) = (pictures.count, readings.count)
    self.rows = Dictionary(grouping: used, by: \.split.rawValue).mapValues(\.count)
  }

  /// Ids of the rows of a split that are not new.
  public func seen(in split: Split) -> Set<String> { Set(findings.filter { $0.split == split }.map(\.id)) }

  /// How many findings of one kind and split a record shows.
  private static let shown = 10

  /// What a bundle keeps.
  public var record: Record {
    var counts: [Record.Count] = [], examples: [SplitFinding] = [], seen: [String: Int] = [:]
    for split in Split.allCases {
      let own = findings.filter { $0.split == split }
      if !own.isEmpty { seen[split.rawValue] = Set(own.map(\.id)).count }
      for kind in SplitFinding.Kind.allCases {
        let some = own.filter { $0.kind == kind }
        guard !some.isEmpty else { continue }
        counts.append(.init(kind: kind, split: split, rows: some.count))
        examples += some.enumerated().sorted {
          (-($0.element.likeness ?? 0), $0.offset) < (-($1.element.likeness ?? 0), $1.offset)
        }.prefix(SplitAudit.shown).map(\.element)
      }
    }
    return Record(
      pictures: pictures, windows: windows, rows: rows, seen: seen, counts: counts, examples: examples)
  }

  private static func groups(_ rows: [ManifestRow], _ leaked: Set<String>) -> [SplitFinding] {
    var first: [String: [Split: String]] = [:]
    for row in rows {
      guard let group = row.group, leaked.contains(group) else { continue }
      if first[group]?[row.split] == nil { first[group, default: [:]][row.split] = row.id }
    }
    return rows.compactMap { row in
      guard let group = row.group, let known = first[group] else { return nil }
      let earlier = Split.allCases.prefix { $0 != row.split }
      guard let other = earlier.first(where: { known[$0] != nil }), let twin = known[other] else {
        return nil
      }
      return SplitFinding(
        kind: .group, id: row.id, split: row.split, twin: twin, twinSplit: other, shared: group)
    }
  }
}
