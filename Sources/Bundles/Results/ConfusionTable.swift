import Alignment
import Files

/// How often each label was taken for each: counts, and shares of the rows that truly have the label.
struct ConfusionTable {
  private let confusion: Evaluation.Confusion?

  init(_ figures: Evaluation.TaskFigures) { confusion = figures.confusion }

  /// Empty where there is nothing to show, or the record does not fit itself.
  var html: String {
    guard let confusion, !confusion.labels.isEmpty, confusion.counts.count == confusion.labels.count,
      confusion.counts.allSatisfy({ $0.count == confusion.labels.count && $0.allSatisfy { $0 >= 0 } })
    else { return "" }
    let labels = confusion.labels
    let head = labels.map { label in
      "<th scope=\"col\"><span class=\"down\">\(Markup.escaped(SVGText.short(label, 28)))</span></th>"
    }
    let rows = labels.indices.map { truth in
      let total = confusion.counts[truth].reduce(0, +)
      let cells = confusion.counts[truth].enumerated().map { answer, count in
        cell(count, of: total, isRight: answer == truth)
      }
      return """
        <tr><th scope="row">\(Markup.escaped(SVGText.short(labels[truth], 28)))</th><td class="total">\(total)</td>\
        \(cells.joined())</tr>
        """
    }
    return """
      <h3>What was taken for what</h3>
      <div class="wide">
      <table class="confusion\(labels.count > 12 ? " many" : "")">
      <thead><tr><th scope="col">truth, answers to the right</th><th scope="col">rows</th>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="quiet">Each line is a true label, each column an answer: rows, and their share of the line. \
      Right answers are on blue, wrong ones on orange.</p>
      """
  }

  private func cell(_ count: Int, of total: Int, isRight: Bool) -> String {
    guard count > 0 else { return "<td class=\"none\">\(isRight ? "0" : "·")</td>" }
    let share = Double(count) / Double(max(1, total))
    // Strong enough to be seen for a single row, never so strong that the number is hard to read.
    let strength = ResultsText.decimal(0.12 + 0.48 * share, 2)
    let colour = isRight ? "0, 114, 178" : "213, 94, 0"
    return """
      <td style="background: rgba(\(colour), \(strength))"><b>\(count)</b>\
      <small>\(Int((share * 100).rounded()))%</small></td>
      """
  }
}
