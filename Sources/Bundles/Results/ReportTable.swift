import Alignment
import Files

/// How good written reports are, beside the baselines that they must beat.
struct ReportTable {
  var evaluations: [Evaluation]

  /// Empty where no reports were scored.
  var section: String {
    let scored = evaluations.reversed().compactMap { evaluation in
      evaluation.report.map { (evaluation.split, $0) }
    }
    guard !scored.isEmpty else { return "" }
    return ResultsText.section(
      "Reports", "reports", scored.map { table($0.0, $0.1) }.joined(separator: "\n"))
  }

  private func table(_ split: String, _ report: ReportFigures) -> String {
    let parts = [("all", report.all)] + (report.abnormal.map { [("abnormal alone", $0)] } ?? [])
    let names = parts[0].1.written.rows.map(\.name)
    let rows = parts.flatMap { name, part in
      part.rows.map { row in
        let values = Dictionary(row.scores.rows.map { ($0.name, $0.value) }) { first, _ in first }
        let cells = names.map { name in
          "<td class=\"number\">\(values[name].map { ResultsText.decimal($0) } ?? "")</td>"
        }
        return """
          <tr><td>\(Markup.escaped(ResultsText.split(split))), \(name)</td><th scope="row">\(row.name)</th>\
          <td class="number">\(part.n)</td>\(cells.joined())</tr>
          """
      }
    }
    let source =
      report.baselinesFrom == .train ? "of the train part" : "of the scored part, another group's"
    return """
      <div class="wide">
      <table class="figures-table">
      <thead><tr>\((["Part", "Text", "Scans"] + names).map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="quiet">Findings are read from the texts by rules; \(report.findings.count) were looked for. The baselines' texts are \(source).</p>
      """
  }
}
