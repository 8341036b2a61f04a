import Alignment
import Foundation

/// CARD.md: what a bundle is, what it was trained on, how good it is, and where it ends.
struct CardWriter {
  var bundle: ModelBundle

  var text: String {
    let description = bundle.description, record = description.training
    var lines = [
      "# \(description.name)", "",
      "A Braid bundle, trained \(record.created) with Braid \(record.braid): \(record.parameters) parameters, "
        + "\(record.epochs) epochs (the weights are those of epoch \(record.bestEpoch)), "
        + "\(Int(record.seconds.rounded())) s on \(record.threads) threads.", "",
      "## Data", "",
      "Manifest `\(record.manifest)` (SHA-256 `\(record.manifestSHA256)`): "
        + ["train", "val", "test"].map { "\($0) \(record.rows[$0] ?? 0)" }.joined(separator: ", ") + " rows.",
    ]
    if let dealt = record.dealt {
      lines.append(
        "The manifest names no splits; its rows were dealt out \(dealt.parts) with seed \(dealt.seed), what belongs "
          + "together as a whole. `evaluate` on the same file scores the same rows.")
    }
    if let kept = record.keptIDs {
      lines.append(
        "Only \(kept.count) train rows kept their label, text or target (`\(bundle.heldRecipe?.labels ?? "")`)."
      )
    }
    if let taken = record.rows["labelledByOverlap"] {
      lines.append(
        "\(taken) windows without a label took that of labelled windows which they share rows with "
          + "(`unlabelled.overlap`).")
    }
    for column in record.excludedColumns {
      lines.append("- Column `\(column.column)` was left out. \(column.reason)")
    }
    if !record.refused.isEmpty { lines.append("- \(record.refused.count) rows could not be read.") }
    lines += description.replayLines + description.continuationLines + description.adapterLines
    lines += ["", "## Tasks", "", "| task | answers | labels |", "|---|---|---|"]
    for task in description.tasks {
      let kind = task.labels.isEmpty ? "a number" : task.exclusive ? "one label" : "any number of labels"
      let number = task.target != nil && !task.labels.isEmpty ? " and a number" : ""
      lines.append("| \(task.name) | \(kind)\(number) | \(task.labels.joined(separator: ", ")) |")
    }
    for views in description.views ?? [] {
      lines += [
        "",
        "Of \(views.n) validation rows of `\(description.tasks[views.task].name)` with several views, those encoded together "
          + String(
            format: "reach a macro AUROC of %.3f, single views pooled %.3f; ", views.together, views.apart)
          + "reports \(views.prefersTogether ? "encode views together" : "pool single views").",
      ]
    }
    if !record.encoderLines.isEmpty {
      lines +=
        ["", "Ways to read recordings, by the mean of accuracy and AUROC on validation:", ""]
        + record.encoderLines.map { "- \($0)" }
    }
    lines += ["", "## Figures", ""] + figures(record.evaluations)
    if let audit = record.audit, !audit.counts.isEmpty {
      lines += ["", "Rows that are not new:", ""] + audit.sentences.map { "- \($0)" }
      lines += ["", record.honest == nil ? "No scored row is left without them." : "Without them:"]
      if let honest = record.honest { lines += [""] + figures(honest) }
    }
    if let leftOut = record.leftOut {
      lines +=
        ["", "Labels left out of training, told by their texts alone and uncalibrated:", ""]
        + leftOut.lines.map { "- \($0)" }
    }
    lines += [""] + CardThresholds(description: description).lines
    lines += [
      "## Limits", "",
      "The figures hold for data like the above and say nothing of other devices, sites or machines. "
        + "Answers are drafts for people who know the field; nothing here is a medical device.", "",
    ]
    return lines.joined(separator: "\n")
  }

  private func figures(_ evaluations: [Evaluation]) -> [String] {
    func format(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
    let names = ["accuracy", "balancedAccuracy", "macroF1", "auroc", "ece", "rmse"]
    var lines = [
      "| split | task | rows | accuracy | balanced accuracy | macro F1 | AUROC | ECE | RMSE | zero-shot accuracy |",
      "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for evaluation in evaluations {
      for task in evaluation.tasks {
        let figures = names.map { name in
          task.measured.first { $0.name == name }.map { figure in
            format(figure.value)
              + (figure.interval.map { " (\(format($0.lowerBound)) to \(format($0.upperBound)))" } ?? "")
          } ?? ""
        }
        lines.append(
          "| \(evaluation.split) | \(task.task) | \(task.n) | \(figures.joined(separator: " | ")) | "
            + "\(format(task.zeroShot?.accuracy)) |")
      }
      if let retrieval = evaluation.retrieval {
        lines.append(
          "| \(evaluation.split) | search | \(retrieval.inputs) | recall of the input for a text at 1, 5, 10: "
            + "\(format(retrieval.textToInput.r1)), \(format(retrieval.textToInput.r5)), "
            + "\(format(retrieval.textToInput.r10)) | | | | | | |")
      }
    }
    let events = evaluations.flatMap(\.eventLines)
    if !events.isEmpty { lines += ["", "Faults as events:", ""] + events.map { "- \($0)" } }
    for evaluation in evaluations {
      for task in evaluation.tasks {
        guard let coverage = task.coverage else { continue }
        lines += ["", "\(evaluation.split), \(task.task): \(coverage.words)."]
      }
    }
    for evaluation in evaluations {
      guard let report = evaluation.report else { continue }
      lines += ["", "Reports on \(evaluation.split):", ""] + report.lines.map { "- \($0)" }
    }
    let words = evaluations.compactMap { evaluation in
      evaluation.resampling.map { "In brackets, \(evaluation.split): \($0.words)" }
    }
    return lines + (words.isEmpty ? [] : [""] + words)
  }
}
