/// Which rows of the train part keep their label, text and target when only a share may be used.
///
/// The share is taken label by label, so that every label keeps its part and at least two rows where it has them.
/// Whole groups are kept together where groups are small: a second picture of a labelled patient is not an
/// unlabelled one. The choice depends on the seed and the ids alone, not on the order of the rows, and a smaller
/// share is, but for rounding, part of a larger one.
public struct LabelSubset: Sendable {
  /// How much is kept.
  public enum Amount: Sendable, Equatable, CustomStringConvertible {
    /// A share of the labelled train rows, above 0 and at most 1.
    case fraction(Double)
    /// About so many rows.
    case rows(Int)

    /// `10%`, `0.1` or `50` (rows); nil for anything else.
    public init?(_ text: String) {
      let text = text.trimmed()
      if text.hasSuffix("%") {
        guard let share = Double(text.dropLast()), share > 0, share <= 100 else { return nil }
        self = .fraction(share / 100)
      } else if let rows = Int(text) {
        guard rows > 0 else { return nil }
        self = .rows(rows)
      } else {
        guard let share = Double(text), share > 0, share <= 1 else { return nil }
        self = .fraction(share)
      }
    }

    /// As `--labels` takes it.
    public var description: String {
      switch self {
      case .fraction(let share): "\(Double(Int(share * 1e6 + 0.5)) / 1e4)%"
      case .rows(let count): "\(count) rows"
      }
    }
  }

  /// The ids of the train rows that keep what is known of them, in the order of the rows.
  public let keptIDs: [String]
  /// All rows; train rows that were not kept lose label, text and target. Those of text alone are left out then.
  public let rows: [ManifestRow]
  /// Labelled train rows before.
  public let labelledBefore: Int
  /// Whether whole groups were chosen.
  public let usesWholeGroups: Bool

  /// Groups of at most so many rows in the middle are small: patients with some pictures, not machines with
  /// thousands of windows.
  static let smallGroup = 8

  /// - Parameter rows: of all splits; only the train part is thinned.
  public init(of rows: [ManifestRow], keeping amount: Amount, seed: UInt64 = 0) {
    let labelled = rows.indices.filter { rows[$0].split == .train && rows[$0].isLabelled }
    labelledBefore = labelled.count
    let sizes = Dictionary(labelled.compactMap { rows[$0].group.map { ($0, 1) } }, uniquingKeysWith: +)
    let inGroups = sizes.values.reduce(0, +)
    let median = sizes.isEmpty ? Int.max : sizes.values.sorted()[sizes.count / 2]
    let whole = median <= Self.smallGroup && inGroups * 2 > labelled.count
    usesWholeGroups = whole

    let wanted: Int =
      switch amount {
      case .fraction(let share): Int((share * Double(labelled.count)).rounded())
      case .rows(let count): min(count, labelled.count)
      }
    let floor = if case .rows = amount { 1 } else { 2 }
    var kept: Set<Int> = []
    if wanted >= labelled.count {
      kept = Set(labelled)
    } else {
      let units = Units(rows, labelled) { whole ? rows[$0].group : nil }
      kept = units.choose(wanted, atLeast: floor, seed: seed)
    }
    keptIDs = rows.indices.filter(kept.contains).map { rows[$0].id }
    self.rows = rows.indices.compactMap { index in
      var row = rows[index]
      guard row.split == .train, row.isLabelled, !kept.contains(index) else { return row }
      (row.labels, row.text, row.target) = ([], nil, nil)
      return row.hasInput ? row : nil
    }
  }
}
