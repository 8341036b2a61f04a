/// Renders a report as Markdown (CommonMark with tables), to be read as plain text as well.
public struct MarkdownRenderer: Sendable {
  /// There is nothing to set.
  public init() {}

  /// - Returns: the whole text, blocks parted by empty lines.
  public func render(_ report: ReportDocument) -> String {
    let say = report.language.say
    var blocks = [
      "# \(say("Report")): \(escaped(report.study))", "> **\(escaped(ReportWording.notice(report)))**",
    ]
    if let patient = ReportWording.patient(report) {
      blocks.append("**\(say("Patient"))** \(escaped(patient))")
    }
    if report.needsHumanRead {
      blocks.append("## \(say("A human must read this study"))")
      blocks.append(report.reasons.map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    for (title, text) in ReportWording.sections(report) {
      blocks.append("## \(title)")
      let paragraphs = ReportWording.paragraphs(text).map(escaped)
      blocks.append(contentsOf: paragraphs.isEmpty ? [say("Nothing was drafted.")] : paragraphs)
    }
    if report.abstains {
      // Figures of a model that is not to be trusted with these scans would be read all the same.
      blocks.append("## \(say("What the model saw"))")
      blocks.append(say("None is stated: the inputs cannot be trusted."))
    } else if !report.findings.isEmpty {
      blocks.append("## \(say("What the model saw"))")
      blocks.append(
        table(
          ["Finding", "State", "Probability", "Place", "Evidence"].map(say),
          ReportWording.ordered(report.findings).map { finding in
            [
              report.language.named(finding.name), say(ReportWording.word(finding.state)),
              report.language.percent(finding.probability), ReportWording.place(finding, report.language),
              finding.evidence.map { "\($0.input) (\(ReportWording.region($0.region)))" }.joined(
                separator: "; "),
            ]
          }))
    }
    if !report.edits.isEmpty {
      blocks.append("## \(say("Changed by the signer"))")
      blocks.append(ReportWording.edits(report).map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    if !report.asked.isEmpty {
      blocks.append("## \(say("Asked for in words"))")
      blocks.append(ReportWording.asked(report).map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    if !report.limits.isEmpty {
      blocks.append("## \(say("Limits"))")
      blocks.append(report.limits.map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    if !report.privacy.isEmpty {
      blocks.append("## \(say("Privacy"))")
      blocks.append(report.privacy.map { "- \(escaped($0.text))" }.joined(separator: "\n"))
    }
    blocks.append("## \(say("Inputs"))")
    blocks.append(
      table(
        ["Input", "Kind", "View", "Used", "Why", "SHA-256"].map(say),
        report.inputs.prefix(ReportWording.rows).map {
          [
            $0.path, say($0.kind), $0.view.map(say) ?? say("not known"), say($0.used ? "yes" : "no"),
            $0.reason,
            String($0.sha256.prefix(16)),
          ]
        }))
    if let more = ReportWording.more(report) { blocks.append(escaped(more)) }
    if !report.needsHumanRead, !report.reasons.isEmpty {
      blocks.append("## \(say("Remarks"))")
      blocks.append(report.reasons.map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    blocks.append("## \(say("Origin"))")
    blocks.append(
      escaped(ReportWording.origin(report))
        + " \(say("Bundle")) \(escaped(report.bundle.name)), SHA-256 \(escaped(report.bundle.sha256))."
        + " \(say("Created")) \(report.created). \(say("Report identifier")) \(report.identity.uuid).")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows.map { $0.map(escaped) }
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// Text that stands for itself: on one line and with nothing that Markdown or HTML would act upon.
  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "&", "~": result += "\\" + String(character)
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    // A line that begins like a list, a rule or a numbered list.
    if let first = result.first, "-+=".contains(first) { result = "\\" + result }
    if let dot = result.firstIndex(where: { !($0.isASCII && $0.isNumber) }), dot > result.startIndex,
      ".)".contains(result[dot])
    {
      result.insert("\\", at: dot)
    }
    return result
  }
}
