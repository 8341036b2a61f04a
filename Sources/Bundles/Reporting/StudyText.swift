import Alignment
import Encoders
import Foundation
import Reports
import Selector

/// The sections of a report: what the decoder writes, brought into agreement with the findings.
struct StudyText: Sendable {
  var bundle: ModelBundle
  var language: ReportLanguage

  struct Result: Sendable {
    var sections: ReportDocument.Sections
    /// The sentences of findings and impression, by the places of the findings that they rest on.
    var told: [(text: String, section: ReportDocument.Statement.Section, behind: [Int])] = []
    var dropped: [String] = []
    /// Of the decoder; nil where it wrote nothing.
    var confidence: Float?
    /// Whether any of its sentences stands.
    var isDrafted = false
  }

  func text(_ parts: [StudyPart], _ verdict: Verdict, _ findings: [ReportDocument.Finding]) -> Result {
    let technique = TechniqueText(language: language).text(parts)
    guard !verdict.abstains else {
      let reason =
        verdict.nothingUsable || verdict.calledUnusable
        ? (language == .en ? "No input can be trusted." : "没有可信的图像。")
        : (language == .en
          ? "The scans are unlike the data that the bundle \(bundle.description.name) was trained on."
          : "影像与模型 \(bundle.description.name) 的训练数据差异过大。")
      return Result(
        sections: .init(
          technique: technique,
          findings: reason + (language == .en ? " No statement is made." : "不作结论。"),
          impression: language == .en
            ? "No statement is made; a person must read this study. \(StudyText.draft(language))"
            : "不作结论，须由医师阅片。\(StudyText.draft(language))"))
    }
    let table = findings.map { finding in
      Consistency.Finding(name: finding.name, probability: finding.probability, state: state(finding.state))
    }
    let consistency = Consistency(table, language: language)
    var written: [String] = [], confidences: [Float] = []
    for pool in verdict.pools {
      guard let text = write(parts, pool, holding: consistency) else { continue }
      written.append(text.text)
      confidences.append(text.confidence)
    }
    let result = consistency.reconcile(written)
    return Result(
      sections: .init(
        technique: technique, findings: result.findings,
        impression: language.joined([result.impression, StudyText.draft(language)])),
      told: told(result.told.findings, .findings) + told(result.told.impression, .impression),
      dropped: result.dropped, confidence: confidences.min(), isDrafted: result.isDrafted)
  }

  private func told(
    _ sentences: [(text: String, behind: [Int])], _ section: ReportDocument.Statement.Section
  ) -> [(text: String, section: ReportDocument.Statement.Section, behind: [Int])] {
    sentences.map { (text: $0.text, section: section, behind: $0.behind) }
  }

  /// What the decoder writes for the views of a task that were encoded together, else for its heaviest input.
  private func write(
    _ parts: [StudyPart], _ pool: Pooling, holding consistency: Consistency
  ) -> (text: String, confidence: Float)? {
    if let together = pool.together {
      return DraftWriter(bundle: bundle).write(together.encoded, pool, holding: consistency)
    }
    guard let heaviest = pool.members.max(by: { $0.weight < $1.weight }),
      let routed = parts[heaviest.part].routed
    else { return nil }
    return DraftWriter(bundle: bundle).write(routed.encoded, pool, holding: consistency)
  }

  private func state(_ state: ReportDocument.State) -> Consistency.Finding.State {
    switch state {
    case .present: .present
    case .absent: .absent
    case .uncertain: .uncertain
    }
  }

  static func draft(_ language: ReportLanguage) -> String {
    language == .en ? "Preliminary draft, not yet confirmed by a person." : "初步草稿，未经医师确认。"
  }

  /// A choice in a few words.
  static func short(_ choice: Choice, _ language: ReportLanguage) -> String {
    if let objection = choice.objection {
      return language == .en ? objection.text : ChineseWording.of(objection)
    }
    let percent = Int((choice.trust * 100).rounded())
    return language == .en
      ? choice.evidence.quality.complaints.first?.text ?? "expected to be right in only \(percent) % of cases"
      : choice.evidence.quality.complaints.first.map(ChineseWording.of) ?? "判断正确的可能性仅 \(percent)%"
  }

  /// A number of a header with at most two digits behind the point.
  static func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }

  /// A distance from the training data; what is as strange as can be told has no exact one.
  static func times(_ strangeness: Float) -> String {
    strangeness < 4 ? String(format: "%.1f", strangeness) : "≥ 4"
  }
}
