import Alignment
import Files

/// Figures of every task and split with their intervals.
struct FiguresTable {
  var evaluations: [Evaluation]
  /// Whether it says below how intervals were found.
  var tellsDraws = true

  var html: String {
    let all = evaluations.flatMap { evaluation in evaluation.tasks.map { (evaluation, $0) } }
    var names: [(name: String, title: String)] = []
    for figure in all.flatMap({ $0.1.measured }) where !names.contains(where: { $0.name == figure.name }) {
      names.append((figure.name, figure.title))
    }
    let order = ["accuracy", "balancedAccuracy", "macroF1", "auroc", "ece", "rmse"]
    names.sort { (order.firstIndex(of: $0.name) ?? 9) < (order.firstIndex(of: $1.name) ?? 9) }
    let hasZeroShot = all.contains { $0.1.zeroShot?.accuracy != nil }
    let head =
      ["Part", "Task", "Rows"] + names.map { FiguresTable.words($0.title) }
      + (hasZeroShot ? ["From descriptions alone"] : [])
    let rows = all.map { evaluation, task in
      let cells = names.map { name, _ in
        guard let figure = task.measured.first(where: { $0.name == name }) else { return "<td></td>" }
        let text: (Double) -> String =
          name == "rmse" ? { ResultsText.short($0) } : { ResultsText.decimal($0) }
        let range =
          figure.interval.map { "<small>\(text($0.lowerBound)) to \(text($0.upperBound))</small>" } ?? ""
        return "<td class=\"number\"><b>\(text(figure.value))</b>\(range)</td>"
      }
      let zeroShot =
        hasZeroShot
        ? "<td class=\"number\">\(task.zeroShot?.accuracy.map { ResultsText.decimal($0) } ?? "")</td>" : ""
      return """
        <tr><td>\(Markup.escaped(ResultsText.split(evaluation.split)))</td><th scope="row">\(Markup.escaped(task.task))</th>\
        <td class="number">\(task.n)</td>\(cells.joined())\(zeroShot)</tr>
        """
    }
    let words = (tellsDraws ? evaluations : []).compactMap { evaluation in
      evaluation.resampling.map { "\(ResultsText.split(evaluation.split).capitalized): \($0.words)" }
    }
    let events = evaluations.flatMap(\.eventLines).map { "Faults as events, \($0)" }
    return """
      <div class="wide">
      <table class="figures-table">
      <thead><tr>\(head.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      \((events + words).map { "<p class=\"quiet\">\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
      """
  }

  private static func words(_ title: String) -> String {
    switch title {
    case "ECE": "calibration error (ECE)"
    case "RMSE": "root mean square error"
    default: title
    }
  }
}
