import Alignment
import Files
import Foundation
import Training

/// What was trained on what, and what came of it, in a sentence a task.
struct ResultsHead {
  let page: ResultsPage

  var html: String {
    let sentences = self.sentences
    return """
      <header>
      <h1>Results of \(Markup.escaped(page.description.name))</h1>
      <div class="impression">
      \(sentences.map { "<p>\(Markup.escaped($0))</p>" }.joined(separator: "\n"))
      </div>
      <dl class="facts">\(facts.map { "<div><dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd></div>" }.joined())</dl>
      </header>
      """
  }

  private var facts: [(String, String)] {
    let record = page.description.training
    var facts = [("Manifest", record.manifest)]
    for (split, name) in [("train", "Train rows"), ("val", "Validation rows"), ("test", "Test rows")] {
      facts.append((name, "\(record.rows[split] ?? 0)"))
    }
    if let kept = record.keptIDs { facts.append(("Labels kept", "\(kept.count) rows")) }
    facts += [
      ("Trained", record.created.replacing("T", with: " ").replacing("Z", with: " UTC")),
      ("Time", "\(ResultsText.time(record.seconds)), \(ResultsText.count(record.threads, "thread"))"),
      ("Epochs", "\(record.epochs), best \(record.bestEpoch)"),
      ("Parameters", "\(record.parameters)"),
    ]
    if let seed = page.seed { facts.append(("Seed", "\(seed)")) }
    return facts
  }

  var sentences: [String] {
    guard let main = page.main else {
      return ["Nothing was held out, so that nobody knows how good this bundle is."]
    }
    let rows = ResultsText.split(main.split)
    var found = main.tasks.flatMap { task -> [String] in
      [labels(task, rows), number(task, rows)].compactMap { $0 }
    }
    if let retrieval = main.retrieval {
      found.append(
        "Search: for \(ResultsText.percent(retrieval.textToInput.r5)) of the texts a right input is among the "
          + "first five of \(retrieval.inputs).")
    }
    return found.isEmpty ? ["No row of the \(rows) part could be scored."] : found
  }

  private func labels(_ task: Evaluation.TaskFigures, _ rows: String) -> String? {
    if let confusion = task.confusion, let accuracy = task.accuracy {
      var sentence =
        "\(task.task): \(ResultsText.percent(accuracy)) of \(task.n) \(rows) rows get the right label"
        + interval(task.interval("accuracy")) { ResultsText.percent($0) }
      let totals = confusion.counts.map { $0.reduce(0, +) }
      if let most = totals.max(), let place = totals.firstIndex(of: most),
        confusion.labels.indices.contains(place)
      {
        let share = Double(most) / Double(max(1, totals.reduce(0, +)))
        sentence +=
          "; always answering “\(confusion.labels[place])” would give \(ResultsText.percent(share))"
      }
      return sentence + "."
    }
    if let auroc = task.auroc {
      return "\(task.task): the area under the curve is \(ResultsText.decimal(auroc)) on average over "
        + "the labels, on \(task.n) \(rows) rows"
        + interval(task.interval("auroc")) { ResultsText.decimal($0) } + "; guessing gives 0.5."
    }
    return task.accuracy.map {
      "\(task.task): \(ResultsText.percent($0)) of the answers on \(task.n) \(rows) rows are right"
        + interval(task.interval("accuracy")) { ResultsText.percent($0) } + "."
    }
  }

  private func number(_ task: Evaluation.TaskFigures, _ rows: String) -> String? {
    guard let rmse = task.rmse else { return nil }
    var sentence =
      "\(task.task): the number to predict is off by \(ResultsText.short(rmse)) on \(rows) rows, as a root mean square"
      + interval(task.interval("rmse")) { ResultsText.short($0) }
    if let scale = page.description.tasks.first(where: { $0.name == task.task })?.target {
      sentence +=
        "; those of training lie \(ResultsText.short(Double(scale.deviation))) from their mean in the same sense"
    }
    if let coverage = task.coverage { sentence += "; \(coverage.words)" }
    return sentence + "."
  }

  private func interval(_ bounds: ClosedRange<Double>?, _ text: (Double) -> String) -> String {
    bounds.map { " (95 % interval \(text($0.lowerBound)) to \(text($0.upperBound)))" } ?? ""
  }
}
