import Alignment
import Files
import Training

/// Who answers the tasks of recordings: the network and the learners beside it, with their weights.
struct VoicesTable {
  private let description: BundleDescription

  init(_ description: BundleDescription) { self.description = description }

  /// Empty where the network answers alone.
  var section: String {
    let records = (description.ensemble ?? []).filter { description.tasks.indices.contains($0.key.task) }
    let tried = description.training.encoderLines
    guard !records.isEmpty || !tried.isEmpty else { return "" }
    let rows = records.flatMap { record -> [String] in
      let task = description.tasks[record.key.task]
      let total = record.voices.reduce(0) { $0 + max(0, $1.weight) }
      return record.voices.map { voice in
        let share = total > 0 ? Double(max(0, voice.weight) / total) : 0
        let figure = voice.validation.map {
          record.key.question == .number
            ? "RMSE \(ResultsText.short($0))" : "accuracy \(ResultsText.decimal($0))"
        }
        return """
          <tr\(share > 0 ? "" : " class=\"absent\"")><th scope="row">\(Markup.escaped(name(task, record.key)))</th>\
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
      <p class="quiet">Answers are averaged with these weights; who was clearly behind the best is left out, and who \
      was too sure is made less sure first. The weights were chosen on the same validation rows.</p>
      """
        + (tried.isEmpty
          ? ""
          : """

          <p>Ways for the network to read recordings, by the mean of accuracy and AUROC on validation rows:</p>
          <ul>
          \(tried.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))
          </ul>
          """))
  }

  private func name(_ task: LabelTask, _ key: SeriesEnsemble.Key) -> String {
    let words =
      task.labels.isEmpty || task.target == nil ? task.name : "\(task.name), \(key.question.rawValue)"
    return (description.series?.sets.count ?? 1) > 1 ? "\(words), channel set \(key.set + 1)" : words
  }

  private func words(_ member: EnsembleMember.Kind?) -> String {
    switch member {
    case nil: "network"
    case .trees: "trees over intervals and spectra"
    case .kernels: "linear model over convolution kernels"
    case .competing: "linear model over competing convolutions"
    case .words: "linear model over words of Fourier coefficients"
    case .envelope: "linear model over envelope spectra"
    }
  }
}
