/// How near texts written for scans come to those that people wrote of them.
public struct ReportScores: Sendable, Codable, Hashable {
  /// Of one to four words in a row, 0 to 1 (Papineni et al. 2002); see `Metrics.bleu`.
  public var bleu1: Double, bleu2: Double, bleu3: Double, bleu4: Double
  /// F of the longest common subsequence, 0 to 1 (Lin 2004).
  public var rougeL: Double
  /// 0 to 10 (Vedantam et al. 2015); see `Metrics.cider`.
  public var cider: Double
  /// F1 of the findings that texts state, over all findings and texts together, 0 to 1; nil where no reference states one.
  public var findingF1: Double?
  /// Mean F1 of the findings that some reference states.
  public var findingMacroF1: Double?
  /// Of the findings that text and reference both state, the reference with a side, the share told with the same sides;
  /// nil without any.
  public var laterality: Double?
  /// Share of different texts; near zero where one text is written for everything.
  public var distinct: Double

  /// - Parameters:
  ///   - bleu: of one to four words in a row.
  ///   - findingF1: nil where no reference states a finding.
  public init(
    bleu: [Double], rougeL: Double, cider: Double, findingF1: Double?, findingMacroF1: Double?,
    laterality: Double?, distinct: Double
  ) {
    precondition(bleu.count == 4, "BLEU of \(bleu.count) orders")
    (bleu1, bleu2, bleu3, bleu4) = (bleu[0], bleu[1], bleu[2], bleu[3])
    (self.rougeL, self.cider, self.findingF1) = (rougeL, cider, findingF1)
    (self.findingMacroF1, self.laterality, self.distinct) = (findingMacroF1, laterality, distinct)
  }
}

/// Scores of what was written, and of two ways to write without looking closely.
public struct ReportPart: Sendable, Codable, Hashable {
  /// What must be beaten by a report that is worth reading.
  public struct Baselines: Sendable, Codable, Hashable {
    /// One text for all: the most frequent report.
    public var frequent: ReportScores
    /// The report of the known scan that lies nearest in the shared space; nil where there is no other scan.
    public var nearest: ReportScores?

    /// - Parameter nearest: nil where there is no other scan.
    public init(frequent: ReportScores, nearest: ReportScores?) {
      (self.frequent, self.nearest) = (frequent, nearest)
    }
  }

  /// Reports compared.
  public var n: Int
  /// Of the texts that a report would hold.
  public var written: ReportScores
  /// Of texts that others wrote of other scans.
  public var baselines: Baselines
  /// Share of different texts among the references.
  public var distinctReferences: Double

  private enum Key: String, CodingKey { case n, baselines, distinctReferences }

  /// - Parameter n: reports compared.
  public init(n: Int, written: ReportScores, baselines: Baselines, distinctReferences: Double) {
    (self.n, self.written, self.baselines) = (n, written, baselines)
    self.distinctReferences = distinctReferences
  }

  /// Reads what `encode` writes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    n = try values.decode(Int.self, forKey: .n)
    baselines = try values.decode(Baselines.self, forKey: .baselines)
    distinctReferences = try values.decode(Double.self, forKey: .distinctReferences)
    written = try ReportScores(from: decoder)
  }

  /// The scores of what was written stand beside the others, not below a key of their own.
  public func encode(to encoder: any Encoder) throws {
    try written.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(n, forKey: .n)
    try values.encode(baselines, forKey: .baselines)
    try values.encode(distinctReferences, forKey: .distinctReferences)
  }
}
