extension ReportDocument {
  /// Something that the signer changed in the draft.
  public struct Edit: Sendable, Equatable, Codable {
    /// `sections.NAME`, or `findings.NAME.state`.
    public var place: String
    /// What the draft says there; empty for nothing.
    public var before: String
    /// What the signed report says there; empty for nothing.
    public var after: String

    /// - Parameter place: `sections.NAME`, or `findings.NAME.state`.
    public init(place: String, before: String, after: String) {
      (self.place, self.before, self.after) = (place, before, after)
    }
  }

  /// What differs in another version of this draft.
  /// - Throws: `DocumentError` where more differs than a signer may change: the texts, and the states of findings.
  func edits(in other: ReportDocument, place: String) throws(DocumentError) -> [Edit] {
    var found: [Edit] = []
    for (name, path) in Sections.parts where sections[keyPath: path] != other.sections[keyPath: path] {
      found.append(
        Edit(
          place: "sections.\(name)", before: sections[keyPath: path], after: other.sections[keyPath: path]))
    }
    for (mine, its) in zip(findings, other.findings) where mine.name == its.name && mine.state != its.state {
      found.append(
        Edit(place: "findings.\(mine.name).state", before: mine.state.rawValue, after: its.state.rawValue))
    }
    // What follows from the texts may be left as it was.
    var same = applying(found)
    var given = other
    (same.statements, given.statements) = ([], [])
    guard same == given else {
      throw DocumentError(
        place: place,
        reason:
          "It differs from the draft in more than the texts of its sections and the states of its findings.",
        remedy: "Change only these in a copy of the draft's report.json.")
    }
    return found
  }

  /// The draft with a signer's changes; sentences are tied to findings anew.
  func applying(_ edits: [Edit]) -> ReportDocument {
    guard !edits.isEmpty else { return self }
    var changed = self
    for edit in edits {
      if let (_, path) = Sections.parts.first(where: { edit.place == "sections.\($0.name)" }) {
        changed.sections[keyPath: path] = edit.after
      } else if let place = findings.firstIndex(where: { edit.place == "findings.\($0.name).state" }),
        let state = State(rawValue: edit.after)
      {
        changed.findings[place].state = state
      }
    }
    changed.statements = changed.retold
    return changed
  }

  /// The sentences of the sections with the findings that the rules see behind them; none for what they do not know.
  private var retold: [Statement] {
    let reader = Consistency(
      findings.map {
        Consistency.Finding(name: $0.name, probability: $0.probability, state: $0.state.threshold)
      }, language: language)
    return [(Statement.Section.findings, sections.findings), (.impression, sections.impression)].flatMap {
      section, text in
      reader.sentences(of: text).map { sentence, behind in
        statement(sentence, section, behind: behind)
      }
    }
  }

  /// A sentence that rests on findings, with the places where those show that are not absent.
  public func statement(_ text: String, _ section: Statement.Section, behind: [Int]) -> Statement {
    var evidence: [Evidence] = []
    for place in behind where findings[place].state != .absent {
      for one in findings[place].evidence where !evidence.contains(one) { evidence.append(one) }
    }
    return Statement(
      text: text, section: section, findings: behind.map { findings[$0].name }, evidence: evidence)
  }
}

extension ReportDocument.Sections {
  /// The sections that a signer may change, by their names in `report.json`.
  static var parts: [(name: String, path: WritableKeyPath<ReportDocument.Sections, String>)] {
    [
      ("technique", \.technique), ("comparison", \.comparison), ("findings", \.findings),
      ("impression", \.impression),
    ]
  }
}

extension ReportDocument.State {
  /// The same as the rules on texts know it.
  var threshold: Consistency.Finding.State {
    switch self {
    case .present: .present
    case .absent: .absent
    case .uncertain: .uncertain
    }
  }
}
