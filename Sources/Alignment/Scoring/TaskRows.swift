import Training

/// The rows of one task that can be scored: what was answered, and what is true.
struct TaskRows {
  /// Indices of the rows with labels, of all that are scored.
  var labelled: [Int] = []
  /// Probabilities of the labels of these, `[row][label]`.
  var shares: [[Float]] = []
  /// The same before calibration.
  var plain: [[Float]] = []
  /// Shares that are true, `[row][label]`.
  var truth: [[Float]] = []
  /// Indices of the rows with a number to predict.
  var numbered: [Int] = []
  /// In units of the target.
  var predicted: [Float] = [], wanted: [Float] = []

  /// The true label of each row, where labels exclude each other.
  var classes: [Int] { truth.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 } }

  /// Answers of a task with labels that exclude each other.
  static func answers(_ shares: [[Float]], classes: Int) -> [Int] {
    Metrics.argmax(shares.flatMap { $0 }, classes: classes)
  }

  /// Confidence in each answer, and whether it is right: one a row, or one for each label of each row.
  static func claims(_ shares: [[Float]], _ truth: [[Float]], exclusive: Bool) -> ([Float], [Bool]) {
    guard exclusive else {
      let flat = shares.flatMap { $0 }, positive = truth.flatMap { $0 }
      return (flat.map { max($0, 1 - $0) }, zip(flat, positive).map { ($0 >= 0.5) == ($1 > 0.5) })
    }
    let answers = answers(shares, classes: shares.first?.count ?? 1)
    return (
      zip(shares, answers).map { $0[$1] },
      zip(truth, answers).map { row, answer in row.firstIndex(of: row.max() ?? 0) == answer }
    )
  }

  /// Bins and error of probabilities.
  static func reliability(
    _ shares: [[Float]], _ truth: [[Float]], exclusive: Bool
  ) -> Evaluation.Reliability {
    let (confidences, correct) = claims(shares, truth, exclusive: exclusive)
    return .init(
      ece: Metrics.expectedCalibrationError(confidences: confidences, correct: correct),
      bins: Metrics.reliability(confidences: confidences, correct: correct))
  }

  /// What is wrong among the surest answers.
  static func selective(_ shares: [[Float]], _ truth: [[Float]], exclusive: Bool) -> SelectiveRisk? {
    let (confidences, correct) = claims(shares, truth, exclusive: exclusive)
    return Metrics.selectiveRisk(confidences: confidences, correct: correct)
  }

  /// Adds what a page of results shows beside the figures.
  func describe(_ task: LabelTask, in figures: inout Evaluation.TaskFigures) {
    guard !shares.isEmpty else { return }
    figures.reliability = TaskRows.reliability(shares, truth, exclusive: task.exclusive)
    figures.selective = TaskRows.selective(shares, truth, exclusive: task.exclusive)
    if task.exclusive, task.labels.count > 2 {
      figures.questions = task.labels.indices.map { label in
        let (own, known) = (shares.map { [$0[label]] }, truth.map { [$0[label]] })
        return .init(
          label: task.labels[label], ece: TaskRows.reliability(own, known, exclusive: false).ece,
          selective: TaskRows.selective(own, known, exclusive: false))
      }
    }
    if plain != shares {
      figures.uncalibrated = TaskRows.reliability(plain, truth, exclusive: task.exclusive)
    }
    if task.exclusive {
      let answers = TaskRows.answers(shares, classes: task.labels.count)
      figures.confusion = .init(
        labels: task.labels,
        counts: Metrics.confusionMatrix(answers, truth: classes, classes: task.labels.count))
    } else {
      figures.labelCounts = task.labels.indices.map { label in
        var counts = Evaluation.LabelCounts(
          label: task.labels[label], found: 0, missed: 0, wrong: 0, cleared: 0)
        for (row, known) in zip(shares, truth) {
          switch (row[label] >= 0.5, known[label] > 0.5) {
          case (true, true): counts.found += 1
          case (false, true): counts.missed += 1
          case (true, false): counts.wrong += 1
          case (false, false): counts.cleared += 1
          }
        }
        return counts
      }
    }
  }
}
