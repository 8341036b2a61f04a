extension ReportDocument {
  /// A sentence of the report with what stands behind it.
  public struct Statement: Sendable, Equatable, Codable {
    /// A section that holds sentences.
    public enum Section: String, Sendable, Codable, CaseIterable { case findings, impression }

    /// As it stands in the section.
    public var text: String
    /// Where it stands.
    public var section: Section
    /// Names of the findings that it rests on, present or not; empty only where a person wrote it.
    public var findings: [String]
    /// Where those of them show that are not absent.
    public var evidence: [Evidence]

    /// - Parameters:
    ///   - text: as it stands in the section.
    ///   - findings: names of the findings that it rests on.
    public init(text: String, section: Section, findings: [String], evidence: [Evidence] = []) {
      (self.text, self.section, self.findings, self.evidence) = (text, section, findings, evidence)
    }
  }

  /// What is wrong with the ties between sentences and findings of a draft: a sentence that no finding stands behind, or a
  /// present finding that no sentence of the findings names. Nil where all is well, where the report abstains, and in
  /// reports that do not tell their sentences.
  var looseEnd: (place: String, reason: String)? {
    guard status == .preliminary, !abstains, !statements.isEmpty else { return nil }
    let names = Set(findings.map(\.name))
    for (i, statement) in statements.enumerated() {
      let place = "sentences[\(i)].findings"
      if statement.findings.isEmpty {
        return (place, "No finding stands behind “\(statement.text)”.")
      }
      if let unknown = statement.findings.first(where: { !names.contains($0) }) {
        return (place, "“\(unknown)” is none of the report's findings.")
      }
      let text = statement.section == .findings ? sections.findings : sections.impression
      if !text.contains(statement.text) {
        return ("sentences[\(i)].text", "“\(statement.text)” does not stand in its section.")
      }
    }
    let told = Set(statements.filter { $0.section == .findings }.flatMap(\.findings))
    for (i, finding) in findings.enumerated() where finding.state == .present {
      if !told.contains(finding.name) {
        return ("findings[\(i)]", "“\(finding.name)” is present, and no sentence says so.")
      }
    }
    return nil
  }
}
