import Alignment
import Files

/// Who answers the tasks of recordings: the network and the learners beside it, with their weights.
struct VoicesTable {
  private let description: BundleDescription

  init(_ description: BundleDescription) { self.description = description }

  /// Empty where the network answers alone.
  var section: String {
    let records = (description.ensemble ?? []).filter { description.tasks.indices.contains($0.key.task) }
    guard !records.isEmpty else { return "" }
    let rows = records.flatMap { record -> [String] in
      let task = description.tasks[record.key.task]
      let total = record.voices.reduce(0) { $0 + max(0, $1.weight) }
      return record.voices.map { voice in
        let share = total > 0 ? Double(max(0, voice.weight) / total) : 0
        let figure = voice.validation.map {
          task.labels.isEmpty ? "RMSE \(ResultsText.short($0))" : "accuracy \(ResultsText.decimal($0))"
        }
        return """
          <tr\(share > 0 ? "" : " class=\"absent\"")><th scope="row">\(Markup.escaped(name(task.name, record.key.set)))</th>\
          <td>\(words(voice.member))</td><td class="number"><span class="bar" aria-hidden="true">\
          <span style="width:\(ResultsText.decimal(share * 100, 1))%"></span></span>\
          \(share > 0 ? ResultsText.percent(share, 0) : "left out")</td><td>\(figure ?? "not measured")</td></tr>
          """
      }
    }
    return ResultsText.section(
      "Who answers", "voices",
      """
      <div class="wide">
      <table>
      <thead><tr><th scope="col">Task</th><th scope="col">Voice</th><th scope="col">Weight</th>\
      <th scope="col">On validation rows</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="quiet">Answers are averaged with these weights; who was clearly behind the best is left out. \
      The weights were chosen on the same validation rows.</p>
      """)
  }

  private func name(_ task: String, _ set: Int) -> String {
    (description.series?.sets.count ?? 1) > 1 ? "\(task), channel set \(set + 1)" : task
  }

  private func words(_ member: EnsembleMember.Kind?) -> String {
    switch member {
    case nil: "network"
    case .trees: "trees over intervals and spectra"
    case .kernels: "linear model over convolution kernels"
    case .envelope: "linear model over envelope spectra"
    }
  }
}
