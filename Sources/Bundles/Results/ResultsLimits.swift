import Alignment

/// What the figures do not tell, in sentences.
struct ResultsLimits {
  let page: ResultsPage

  var sentences: [String] {
    let record = page.description.training
    var found: [String] = []
    if let main = page.main {
      found += rows(main)
      if main.split != "test" {
        found.append(
          "There is no test part. The validation rows that these figures come from also chose the epoch, the calibration "
            + "and who answers, so that new rows give somewhat less.")
      } else if record.evaluations.contains(where: { $0.split == "val" }) {
        found.append(
          "The validation rows chose the epoch, the calibration and who answers; their figures are somewhat better "
            + "than those of new rows. Figures of the test part are what to go by.")
      }
      found += main.tasks.compactMap(rareLabels)
    }
    if let kept = record.keptIDs {
      found.append(
        "Only \(ResultsText.count(kept.count, "train row")) kept a label, text or target; the others were used without."
      )
    }
    if let taken = record.rows["labelledByOverlap"] {
      found.append(
        "\(ResultsText.count(taken, "window")) without a label took that of labelled windows which they share rows with "
          + "(unlabelled.overlap in recipe.yaml).")
    }
    found += deal + leaks
    if !record.refused.isEmpty {
      let reasons = record.refused.prefix(3).map { "\($0.id): \($0.reason)" }
      found.append(
        "\(ResultsText.count(record.refused.count, "row")) of the manifest could not be used and "
          + "\(record.refused.count == 1 ? "is" : "are") in no figure. "
          + (record.refused.count > 3 ? "The first: " : "") + reasons.joined(separator: " "))
    }
    found += record.excludedColumns.map { "Column \($0.column) was kept from the model. \($0.reason)" }
    return found + [
      "The figures hold for data like these and say nothing of other devices, sites or machines. "
        + "Answers are drafts for people who know the field; nothing here is a medical device."
    ]
  }

  private func rows(_ main: Evaluation) -> [String] {
    let name = ResultsText.split(main.split)
    var found: [String] = []
    if main.n < 100 {
      found.append("Only \(main.n) \(name) rows were scored, so that the intervals are wide.")
    }
    guard let resampling = main.resampling else {
      if main.tasks.contains(where: { $0.reliability != nil || $0.rmse != nil }) {
        found.append(
          "There are no intervals: all \(name) rows are of one group, and one group says nothing of the next."
        )
      }
      return found
    }
    if resampling.units < Evaluation.Resampling.fewUnits {
      found.append(
        "The \(name) rows come from only \(resampling.units) "
          + (resampling.isGrouped ? "groups" : "inputs")
          + ": so few say little of what others would give, and the intervals are rather too narrow.")
    }
    if !resampling.isGrouped {
      found.append(
        "Intervals take every row for itself. Where several rows come from one patient or machine and the manifest "
          + "does not say so (column group), they are too narrow.")
    }
    return found
  }

  /// Labels with a handful of rows, whose own figures hang on single rows.
  private func rareLabels(_ task: Evaluation.TaskFigures) -> String? {
    var counts: [(String, Int)] = []
    if let confusion = task.confusion {
      counts = Array(zip(confusion.labels, confusion.counts.map { $0.reduce(0, +) }))
    } else if let labels = task.labelCounts {
      counts = labels.map { ($0.label, $0.found + $0.missed) }
    }
    let rare = counts.filter { $0.1 < 5 }
    guard !rare.isEmpty else { return nil }
    let names = rare.prefix(8).map { "\($0.0) (\($0.1))" }.joined(separator: ", ")
    return
      "\(task.task): fewer than five scored rows have these labels, so that little is known of them: \(names)"
      + (rare.count > 8 ? " and \(rare.count - 8) more." : ".")
  }

  /// How far figures flatter, because rows that are scored are not new.
  private var leaks: [String] {
    let record = page.description.training
    guard let audit = record.audit else { return [] }
    guard let main = page.main, let seen = audit.seen[main.split] else {
      return audit.counts.isEmpty && page.main != nil ? [audit.clean] : []
    }
    var sentence =
      "\(ResultsText.count(seen, "\(ResultsText.split(main.split)) row is", "\(ResultsText.split(main.split)) rows are")) "
      + "not new to the model: an earlier split has the same group, file, readings or picture."
    guard let honest = record.honest?.last(where: { $0.split == main.split }) else {
      return [sentence + " No scored row is left without them."]
    }
    for (name, with, without) in [
      ("accuracy", main.accuracy, honest.accuracy), ("RMSE", main.rmse, honest.rmse),
    ] {
      guard let with, let without else { continue }
      sentence +=
        " Without them \(name) is \(ResultsText.short(without)) instead of \(ResultsText.short(with))."
    }
    return [sentence]
  }

  /// Where the parts come from, if the manifest does not say.
  private var deal: [String] {
    guard let dealt = page.description.training.dealt else { return [] }
    return [
      "The manifest names no splits: its rows were dealt out \(dealt.parts) with seed \(dealt.seed), what belongs "
        + "together (column group, files, overlapping windows) as a whole. Another seed gives other parts and somewhat "
        + "other figures."
    ]
  }
}
