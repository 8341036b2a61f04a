import Files
import Foundation

/// Renders a report as one page that needs nothing else: style and pictures are inside, and it is well-formed XML as well
/// as HTML. It follows the reader's light or dark setting, prints on paper, and can be read without seeing it.
///
/// What a reader needs first stands first: what this is, whether a human must read it and why, the impression; then the
/// pictures with evidence, the findings with probabilities, and where all of it comes from.
public struct HTMLRenderer: Sendable {
  /// There is nothing to set.
  public init() {}

  /// - Parameter pictures: shown in this order, with rectangles over the evidence in their inputs.
  /// - Returns: the whole page.
  public func render(_ report: ReportDocument, pictures: [ReportPicture] = []) -> String {
    let findings = ReportWording.ordered(report.findings)
    let colours = EvidenceColours(findings)
    let figures = HTMLFigures(findings: findings, colours: colours, language: report.language)
    let shown = pictures.enumerated().map { figures.figure($0.element, number: $0.offset + 1) }
    let say = report.language.say
    let title = "\(say("Report")): \(report.study)"
    return """
      <!DOCTYPE html>
      <html lang="\(report.language.rawValue)" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>\(HTML.text(title))</title>
      <style>
      \(HTMLStyle.sheet)
      </style>
      </head>
      <body>
      <a class="skip" href="#impression">\(say("Skip to the impression"))</a>
      <p class="banner \(report.status.rawValue)" role="note"><strong>\(HTML.text(ReportWording.notice(report)))</strong></p>
      <main>
      <header>
      <h1>\(HTML.text(report.study))</h1>
      \(facts(report))
      </header>
      \(humanRead(report))
      \(section(say, "Impression", report.sections.impression, "impression"))
      \(shown.isEmpty ? "" : "<section class=\"figures\" aria-label=\"\(say("Pictures"))\">\n" + shown.joined(separator: "\n") + "\n</section>")
      \(withheld(report))
      \(section(say, "Findings", report.sections.findings, "findings"))
      \(report.sections.comparison.isEmpty ? "" : section(say, "Comparison", report.sections.comparison, "comparison"))
      \(table(report, findings, colours, pictures))
      \(remarks(report, "Changed by the signer", id: "edits", ReportWording.edits(report)))
      \(remarks(report, "Asked for in words", id: "asked", ReportWording.asked(report)))
      \(remarks(report, "Limits", id: "limits", report.limits))
      \(remarks(report, "Privacy", id: "privacy", report.privacy.map(\.text)))
      \(section(say, "Technique", report.sections.technique, "technique"))
      \(inputs(report))
      \(origin(report))
      </main>
      </body>
      </html>

      """
  }

  private func facts(_ report: ReportDocument) -> String {
    let used = report.inputs.filter(\.used)
    let say = report.language.say
    var seen: Set<String> = []
    let views = used.compactMap(\.view).filter { seen.insert($0).inserted }.map(say)
    let count =
      report.language == .en
      ? "\(used.count) of \(report.inputs.count) used" : "共 \(report.inputs.count) 个，采用 \(used.count) 个"
    var facts = [
      ("Status", report.language.say(report.status == .final ? "Final" : "Preliminary")),
      ("Created", report.created.description.replacing("T", with: " ").replacing("Z", with: " UTC")),
      ("Inputs", count + (views.isEmpty ? "" : " (\(views.joined(separator: ", ")))")),
      ("Model", report.bundle.name),
    ]
    if let patient = ReportWording.patient(report) { facts.insert(("Patient", patient), at: 0) }
    if let signature = report.signature { facts.append(("Signed by", signature.signer)) }
    return "<dl class=\"facts\">"
      + facts.map { "<div><dt>\(report.language.say($0.0))</dt><dd>\(HTML.text($0.1))</dd></div>" }.joined()
      + "</dl>"
  }

  private func humanRead(_ report: ReportDocument) -> String {
    guard report.needsHumanRead || !report.reasons.isEmpty else { return "" }
    let title = report.language.say(report.needsHumanRead ? "A human must read this study" : "Remarks")
    return """
      <section class="\(report.needsHumanRead ? "alert" : "remarks")" aria-labelledby="read">
      <h2 id="read">\(title)</h2>
      <ul>\(report.reasons.map { "<li>\(HTML.text($0))</li>" }.joined())</ul>
      </section>
      """
  }

  private func section(_ say: (String) -> String, _ title: String, _ text: String, _ id: String) -> String {
    let paragraphs = ReportWording.paragraphs(text)
    let body =
      paragraphs.isEmpty
      ? "<p class=\"quiet\">\(say("Nothing was drafted."))</p>"
      : paragraphs.map { "<p>\(HTML.text($0))</p>" }.joined(separator: "\n")
    return """
      <section class="\(id)" aria-labelledby="\(id)">
      <h2 id="\(id)">\(say(title))</h2>
      \(body)
      </section>
      """
  }

  private func table(
    _ report: ReportDocument, _ findings: [ReportDocument.Finding], _ colours: EvidenceColours,
    _ pictures: [ReportPicture]
  ) -> String {
    let say = report.language.say, language = report.language
    guard !findings.isEmpty else { return "" }
    guard !report.abstains else {
      // Figures of a model that is not to be trusted with these scans would be read all the same.
      return section(say, "What the model saw", say("None is stated: the inputs cannot be trusted."), "seen")
    }
    let numbers = Dictionary(pictures.enumerated().map { ($0.element.input, $0.offset + 1) }) { first, _ in
      first
    }
    let rows = findings.enumerated().map { i, finding in
      let percent = language.percent(finding.probability)
      let evidence = finding.evidence.map { evidence in
        let place = numbers[evidence.input].map { "\(say("Picture")) \($0)" } ?? evidence.input
        return "\(place): \(ReportWording.region(evidence.region))"
      }
      let isHealthy = Consistency.namesHealthy(finding.name)
      let key = colours[i].map { "<span class=\"key\" style=\"background:\($0)\"></span>" } ?? ""
      return """
        <tr class="\(finding.state.rawValue)\(isHealthy ? " healthy" : "")">
        <th scope="row">\(key)\(HTML.text(language.named(finding.name)))</th>
        <td><span class="state">\(HTML.mark(finding.state)) \(say(ReportWording.word(finding.state)))</span></td>
        <td class="number"><span class="bar" aria-hidden="true"><span style="width:\(HTML.width(finding.probability))"></span></span>\(HTML.text(percent))</td>
        <td class="tight">\(HTML.text(ReportWording.place(finding, language)))</td>
        <td class="quiet tight">\(evidence.isEmpty ? (finding.state == .absent || isHealthy ? "" : say("none shown")) : evidence.map(HTML.text).joined(separator: "<br />"))</td>
        </tr>
        """
    }
    return """
      <section aria-labelledby="seen">
      <h2 id="seen">\(say("What the model saw"))</h2>
      <div class="wide" tabindex="0" role="region" aria-labelledby="seen">
      <table>
      <thead><tr>\(["Finding", "State", "Probability", "Place", "Evidence"].map { "<th scope=\"col\">\(say($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      </section>
      """
  }

  private func remarks(
    _ report: ReportDocument, _ title: String, id: String, _ sentences: [String]
  ) -> String {
    guard !sentences.isEmpty else { return "" }
    return """
      <section class="remarks" aria-labelledby="\(id)">
      <h2 id="\(id)">\(report.language.say(title))</h2>
      <ul>\(sentences.map { "<li>\(HTML.text($0))</li>" }.joined())</ul>
      </section>
      """
  }

  private func inputs(_ report: ReportDocument) -> String {
    let say = report.language.say
    let rows = report.inputs.prefix(ReportWording.rows).map { input in
      """
      <tr class="\(input.used ? "used" : "unused")">
      <th scope="row">\(HTML.text(input.path))</th>
      <td>\(HTML.text(say(input.kind)))</td>
      <td class="tight">\(HTML.text(input.view.map(say) ?? say("not known")))</td>
      <td class="tight">\(say(input.used ? "used" : "left out"))</td>
      <td class="why">\(HTML.text(input.reason))</td>
      </tr>
      """
    }
    return """
      <section aria-labelledby="inputs">
      <h2 id="inputs">\(say("Inputs"))</h2>
      <div class="wide" tabindex="0" role="region" aria-labelledby="inputs">
      <table>
      <thead><tr>\(["File", "Kind", "View", "Use", "Why"].map { "<th scope=\"col\">\(say($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      \(ReportWording.more(report).map { "<p class=\"quiet\">\(HTML.text($0))</p>" } ?? "")
      </section>
      """
  }

  private func selector(_ report: ReportDocument) -> String {
    // Of hundreds of inputs nobody reads it on a page.
    guard report.selector != .object([:]), report.selector != .null, report.inputs.count <= ReportWording.rows
    else { return "" }
    let lines = OrderedJSON.value(report.selector).text.split(separator: "\n").map { HTML.text(String($0)) }
    return
      "<details><summary>\(report.language.say("What the selector decided"))</summary><pre>\(lines.joined(separator: "\n"))</pre></details>"
  }

  /// Inputs that a page without identity does not show.
  private func withheld(_ report: ReportDocument) -> String {
    let kinds: [ReportDocument.PrivacyFlag.Kind] = [.burnedIn, .textInPicture]
    let names = report.privacy.filter { kinds.contains($0.kind) }.map(\.input)
    guard report.patient == nil, !names.isEmpty else { return "" }
    let list = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return
      "<p class=\"quiet\">\(HTML.text(list.joined(separator: ", "))). \(report.language.say("Withheld: identity may be part of the picture."))</p>"
  }

  /// Every sentence with the findings that it rests on.
  private func statements(_ report: ReportDocument) -> String {
    guard !report.statements.isEmpty else { return "" }
    let say = report.language.say
    let rows = report.statements.map { statement in
      let names = statement.findings.map(report.language.named).joined(
        separator: report.language == .en ? ", " : "、")
      return
        "<tr><td>\(HTML.text(statement.text))</td><td>\(HTML.text(names))</td></tr>"
    }
    let title = say("Sentences and what they rest on")
    return """
      <details>
      <summary>\(title)</summary>
      <div class="wide" tabindex="0" role="region" aria-label="\(title)">
      <table>
      <thead><tr>\(["Sentence", "Findings behind it"].map { "<th scope=\"col\">\(say($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      </details>
      """
  }

  private func origin(_ report: ReportDocument) -> String {
    var hashes = report.inputs.prefix(ReportWording.rows).map { ($0.path, $0.sha256) }
    hashes.append(("\(report.language.say("Bundle")) \(report.bundle.name)", report.bundle.sha256))
    if let signature = report.signature {
      hashes.append((report.language.say("Draft that was signed"), signature.draftSHA256))
    }
    return """
      <footer>
      <p>\(HTML.text(ReportWording.origin(report)))</p>
      \(statements(report))
      \(selector(report))
      <details>
      <summary>\(report.language.say("Hashes (SHA-256)"))</summary>
      <dl class="hashes">\(hashes.map { "<dt>\(HTML.text($0.0))</dt><dd><code>\(HTML.text($0.1))</code></dd>" }.joined())</dl>
      </details>
      <p>\(report.language.say("Report identifier")) <code>\(report.identity.uuid)</code></p>
      <p>\(report.language.say("Bundle")) <strong>\(HTML.text(report.bundle.name))</strong>, <code>\(HTML.text(report.bundle.sha256))</code></p>
      </footer>
      """
  }
}

/// Pieces of HTML.
enum HTML {
  /// Text as the content of an element or of a quoted attribute. Characters that XML forbids are shown as �.
  static func text(_ text: String) -> String { Markup.escaped(text) }

  static func width(_ share: Double) -> String { "\((min(max(share, 0), 1) * 1000).rounded() / 10)%" }

  /// States differ by shape as well as by colour.
  static func mark(_ state: ReportDocument.State) -> String {
    let shape =
      switch state {
      case .present: #"<circle cx="6" cy="6" r="5" />"#
      case .uncertain: #"<circle cx="6" cy="6" r="4.5" class="ring" /><path d="M6 1.5a4.5 4.5 0 0 1 0 9z" />"#
      case .absent: #"<circle cx="6" cy="6" r="4.5" class="ring" />"#
      }
    return #"<svg class="mark" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">"# + shape
      + "</svg>"
  }
}
