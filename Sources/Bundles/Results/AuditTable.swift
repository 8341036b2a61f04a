import Alignment
import Files

/// Rows that are scored although an earlier split has them too, and what the figures are without them.
struct AuditTable {
  var record: BundleDescription.TrainingRecord

  /// Empty where nothing was found.
  var html: String {
    guard let audit = record.audit, !audit.counts.isEmpty else { return "" }
    let splits = record.evaluations.filter { (audit.seen[$0.split] ?? 0) > 0 }
    let names = ["accuracy", "balancedAccuracy", "macroF1", "auroc", "ece", "rmse"]
    var rows: [String] = []
    for whole in splits.reversed() {
      let honest = record.honest?.first { $0.split == whole.split }
      for task in whole.tasks {
        let other = honest?.tasks.first { $0.task == task.task }
        for name in names {
          guard let figure = task.measured.first(where: { $0.name == name }) else { continue }
          let without = other?.measured.first { $0.name == name }
          func cell(_ value: Double?) -> String {
            value.map { name == "rmse" ? ResultsText.short($0) : ResultsText.decimal($0) } ?? "–"
          }
          rows.append(
            "<tr><td>\(Markup.escaped(ResultsText.split(whole.split)))</td>"
              + "<th scope=\"row\">\(Markup.escaped(task.task))</th><td>\(Markup.escaped(figure.title))</td>"
              + "<td class=\"number\">\(cell(figure.value))</td>"
              + "<td class=\"number\"><b>\(cell(without?.value))</b></td></tr>")
        }
      }
    }
    let table =
      rows.isEmpty
      ? ""
      : """
      <div class="wide">
      <table class="figures-table">
      <thead><tr><th scope="col">Part</th><th scope="col">Task</th><th scope="col">Figure</th>\
      <th scope="col">All rows</th><th scope="col">New rows alone</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
    return """
      <h3>Rows that are not new</h3>
      <ul>\(audit.sentences.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))</ul>
      \(table)
      """
  }
}
