extension ReportDocument {
  /// What became of the findings of an earlier study of the same patient.
  public struct Comparison: Sendable, Equatable, Codable {
    /// What became of one finding.
    public struct Change: Sendable, Equatable, Codable {
      /// How a finding stands to what it was.
      public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Absent before, present now.
        case new
        /// Present before and now.
        case unchanged
        /// Present before, absent now.
        case resolved
        /// Present in one of the two, uncertain in the other.
        case undecided
      }

      /// Its name in both reports.
      public var finding: String
      /// How it stands to what it was.
      public var kind: Kind
      /// Probabilities in the earlier study and in this one, 0 to 1.
      public var before: Double, now: Double

      /// - Parameter before: probability in the earlier study.
      public init(finding: String, kind: Kind, before: Double, now: Double) {
        (self.finding, self.kind, self.before, self.now) = (finding, kind, before, now)
      }
    }

    /// Name of the earlier study, as in its own report.
    public var study: String
    /// Of the earlier study's report; see `ReportDocument.id`.
    public var report: String
    /// Days between the two; nil where a header has no date.
    public var days: Int?
    /// In the order of the findings; those absent in both studies are left out.
    public var changes: [Change]

    /// - Parameters:
    ///   - study: name of the earlier study.
    ///   - report: identifier of its report.
    ///   - days: between the two.
    public init(study: String, report: String, days: Int?, changes: [Change]) {
      (self.study, self.report, self.days, self.changes) = (study, report, days, changes)
    }

    /// Compares two reports by the findings that both looked for.
    /// - Returns: nil where they share none, or either makes no statement.
    public init?(_ earlier: ReportDocument, _ later: ReportDocument, days: Int?) {
      guard !earlier.abstains, !later.abstains else { return nil }
      let known = Dictionary(earlier.findings.map { ($0.name, $0) }) { first, _ in first }
      let shared = later.findings.filter { known[$0.name] != nil && !Consistency.namesHealthy($0.name) }
      guard !shared.isEmpty else { return nil }
      let changes = shared.compactMap { finding -> Change? in
        guard let before = known[finding.name],
          let kind = Comparison.kind(before.state, finding.state)
        else { return nil }
        return Change(
          finding: finding.name, kind: kind, before: before.probability, now: finding.probability)
      }
      self.init(study: earlier.study, report: earlier.id, days: days, changes: changes)
    }

    private static func kind(_ before: State, _ now: State) -> Change.Kind? {
      switch (before, now) {
      case (.absent, .present): .new
      case (.present, .present): .unchanged
      case (.present, .absent): .resolved
      case (.uncertain, .present), (.present, .uncertain): .undecided
      case (.absent, .absent), (.absent, .uncertain), (.uncertain, .absent), (.uncertain, .uncertain): nil
      }
    }
  }
}

extension ReportLanguage {
  /// The comparison in words, one paragraph.
  public func tell(_ comparison: ReportDocument.Comparison) -> String {
    let days = comparison.days.map { days in
      self == .en ? ", \(days) day\(days == 1 ? "" : "s") earlier" : "（\(days)天前）"
    }
    let opening =
      self == .en
      ? "Compared with the study \(comparison.study)\(days ?? "")"
      : "与既往检查 \(comparison.study)\(days ?? "")比较"
    let parts = ReportDocument.Comparison.Change.Kind.allCases.compactMap { kind -> String? in
      let names = comparison.changes.filter { $0.kind == kind }.map { named($0.finding).lowercasedFirst }
      guard !names.isEmpty else { return nil }
      return self == .en
        ? "\(word(kind)): \(names.joined(separator: ", "))" : "\(word(kind))：\(names.joined(separator: "、"))"
    }
    guard !parts.isEmpty else {
      return self == .en
        ? "\(opening): none of the findings looked for is present in either." : "\(opening)：两次检查均未见所检征象。"
    }
    return self == .en
      ? "\(opening): \(parts.joined(separator: "; "))." : "\(opening)：\(parts.joined(separator: "；"))。"
  }

  func word(_ kind: ReportDocument.Comparison.Change.Kind) -> String {
    switch (kind, self) {
    case (.new, .en): "new"
    case (.new, .zh): "新出现"
    case (.unchanged, .en): "still present"
    case (.unchanged, .zh): "仍存在"
    case (.resolved, .en): "no longer seen"
    case (.resolved, .zh): "已不见"
    case (.undecided, .en): "undecided"
    case (.undecided, .zh): "不能确定"
    }
  }
}
