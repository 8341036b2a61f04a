import Alignment
import Files

/// Labels that do not exclude each other, one a line.
struct LabelTable {
  private let figures: Evaluation.TaskFigures

  init(_ figures: Evaluation.TaskFigures) { self.figures = figures }

  /// Empty for a task whose labels exclude each other.
  var html: String {
    guard let counts = figures.labelCounts, !counts.isEmpty else { return "" }
    let rows = counts.map { label in
      let auroc = figures.aurocByLabel?[label.label]
      let bar = auroc.map { value in
        """
        <span class="bar" aria-hidden="true"><span style="width:\(ResultsText.decimal(min(max(value, 0), 1) * 100, 1))%">\
        </span></span>\(ResultsText.decimal(value))
        """
      }
      return """
        <tr><th scope="row">\(Markup.escaped(label.label))</th><td class="number">\(bar ?? "–")</td>\
        <td class="number">\(label.found + label.missed)</td><td class="number">\(label.found)</td>\
        <td class="number">\(label.missed)</td><td class="number">\(label.wrong)</td>\
        <td class="number">\(label.cleared)</td></tr>
        """
    }
    let head = [
      "Label", "Area under the curve", "Rows with it", "Found", "Missed", "False alarms", "Rightly without",
    ]
    return """
      <h3>Label by label</h3>
      <div class="wide">
      <table>
      <thead><tr>\(head.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="quiet">A label counts as found from a probability of one half on; reports and predictions use the \
      thresholds of the bundle instead.</p>
      """
  }
}
