import Foundation
import Training

/// Scores predictions against what is known.
public struct Evaluator: Sendable {
  /// What is asked, in the order of the samples' task indices.
  public var tasks: [LabelTask]
  /// Turns the logits of a task into probabilities; calibrated where a calibration is known.
  public var probabilities: @Sendable (Int, [Float]) -> [Float]
  /// Draws for confidence intervals. With 0 there are none, nor anything else that only people look at (confusion,
  /// reliability, maps): in the course of a training nobody does.
  public var resamples = 0

  /// Draws that give bounds which are stable to about a tenth of an interval's width.
  public static let usualResamples = 1000

  /// - Parameter probabilities: task and logits of one input to probabilities.
  public init(tasks: [LabelTask], probabilities: @escaping @Sendable (Int, [Float]) -> [Float]) {
    (self.tasks, self.probabilities) = (tasks, probabilities)
  }

  /// Softmax or sigmoid, without calibration.
  public static func plain(_ task: LabelTask, _ logits: [Float]) -> [Float] {
    guard task.exclusive else { return logits.map { 1 / (1 + expf(-$0)) } }
    let top = logits.max() ?? 0
    let parts = logits.map { expf($0 - top) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// - Parameters:
  ///   - descriptions: places of each label's descriptions: `[task][label][description]`; empty without text.
  ///   - texts: places of the samples' own texts; empty without text.
  public func evaluate(
    _ samples: [Sample], _ predictions: [Prediction], split: String, descriptions: [[[[Float]]]],
    texts: [String: [Float]]
  ) -> Evaluation {
    var figures: [Evaluation.TaskFigures] = [], resampled: [ResampledTask] = []
    for task in tasks.indices {
      let rows = rows(of: task, samples, predictions)
      let described = descriptions.isEmpty ? [] : descriptions[task]
      var found = self.figures(task, rows, predictions, descriptions: described)
      guard found.n > 0 else { continue }
      if resamples > 0 {
        rows.describe(tasks[task], in: &found)
        found.map = rows.map(tasks[task], predictions, descriptions: described)
        resampled.append(ResampledTask(rows, tasks[task]))
      }
      figures.append(found)
    }
    let retrieval = RetrievalScorer.retrieval(samples, predictions, texts: texts)
    func mean(_ part: (Evaluation.TaskFigures) -> Double?) -> Double? {
      let values = figures.compactMap(part)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    let zeroShots = figures.compactMap(\.zeroShot)
    var out = Evaluation(
      split: split, n: samples.count, accuracy: mean(\.accuracy), macroF1: mean(\.macroF1),
      auroc: mean(\.auroc),
      ece: mean(\.ece), rmse: mean(\.rmse), retrieval: retrieval,
      zeroShot: zeroShots.isEmpty
        ? nil
        : .init(
          accuracy: mean { $0.zeroShot?.accuracy }, macroF1: mean { $0.zeroShot?.macroF1 },
          auroc: mean { $0.zeroShot?.auroc }),
      tasks: figures)
    out.score = score(figures, retrieval)
    IntervalScorer(resamples: resamples).fill(&out, samples, resampled)
    return out
  }

  private func score(_ figures: [Evaluation.TaskFigures], _ retrieval: Evaluation.Retrieval?) -> Float? {
    var parts: [Double] = []
    for figure in figures {
      let answers = [figure.accuracy, figure.auroc].compactMap { $0 }
      if !answers.isEmpty { parts.append(answers.reduce(0, +) / Double(answers.count)) }
      if let rmse = figure.rmse, let scale = tasks.first(where: { $0.name == figure.task })?.target {
        parts.append(1 - rmse / Double(scale.deviation))
      }
    }
    if let retrieval { parts.append((retrieval.textToInput.r5 + retrieval.inputToText.r5) / 2) }
    return parts.isEmpty ? nil : Float(parts.reduce(0, +) / Double(parts.count))
  }

  /// The rows of a task that can be scored.
  private func rows(of index: Int, _ samples: [Sample], _ predictions: [Prediction]) -> TaskRows {
    let task = tasks[index]
    var rows = TaskRows()
    for (place, sample) in samples.enumerated() where sample.task == index {
      if let truth = sample.labels, task.labels.count > 1 || (task.labels.count == 1 && !task.exclusive) {
        rows.labelled.append(place)
        rows.truth.append(truth)
        rows.shares.append(probabilities(index, predictions[place].logits))
        if resamples > 0 { rows.plain.append(Evaluator.plain(task, predictions[place].logits)) }
      }
      if let scale = task.target, let target = sample.target, let value = predictions[place].value {
        rows.numbered.append(place)
        rows.predicted.append(scale.restored(value))
        rows.wanted.append(target)
      }
    }
    return rows
  }

  private func figures(
    _ index: Int, _ rows: TaskRows, _ predictions: [Prediction], descriptions: [[[Float]]]
  ) -> Evaluation.TaskFigures {
    let task = tasks[index]
    var out = Evaluation.TaskFigures(task: task.name, n: max(rows.labelled.count, rows.numbered.count))
    if !rows.labelled.isEmpty {
      if task.exclusive {
        exclusive(&out, task, rows.shares, rows.truth)
      } else {
        several(&out, task, rows.shares, rows.truth)
      }
      out.zeroShot = zeroShot(
        task, rows.labelled.map { predictions[$0].embedding }, rows.truth, descriptions)
    }
    if !rows.numbered.isEmpty {
      out.rmse = Metrics.rmse(rows.predicted, truth: rows.wanted)
      out.nasaScore = Metrics.nasaScore(rows.predicted, truth: rows.wanted)
    }
    return out
  }

  private func exclusive(
    _ out: inout Evaluation.TaskFigures, _ task: LabelTask, _ shares: [[Float]], _ truth: [[Float]]
  ) {
    let classes = task.labels.count
    let wanted = truth.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
    let flat = shares.flatMap { $0 }
    let predicted = Metrics.argmax(flat, classes: classes)
    out.accuracy = Metrics.accuracy(predicted, truth: wanted)
    out.balancedAccuracy = Metrics.balancedAccuracy(predicted, truth: wanted)
    out.macroF1 = Metrics.macroF1(predicted, truth: wanted)
    out.auroc = Metrics.macroAUROC(flat, classes: classes, truth: wanted)
    var byLabel: [String: Double] = [:]
    for (place, label) in task.labels.enumerated() {
      byLabel[label] = Metrics.auroc(shares.map { $0[place] }, positive: wanted.map { $0 == place })
    }
    out.aurocByLabel = byLabel
    out.ece = Metrics.expectedCalibrationError(flat, classes: classes, truth: wanted)
  }

  private func several(
    _ out: inout Evaluation.TaskFigures, _ task: LabelTask, _ shares: [[Float]], _ truth: [[Float]]
  ) {
    let labels = task.labels.count
    let flat = shares.flatMap { $0 }, positive = truth.flatMap { $0.map { $0 > 0.5 } }
    let right = zip(flat, positive).filter { ($0 >= 0.5) == $1 }.count
    out.accuracy = Double(right) / Double(max(1, flat.count))
    out.auroc = Metrics.macroAUROC(flat, labels: labels, positive: positive.map { Optional($0) })
    out.ece = Metrics.expectedCalibrationError(
      confidences: flat.map { max($0, 1 - $0) }, correct: zip(flat, positive).map { ($0 >= 0.5) == $1 })
    var scores: [Double] = [], byLabel: [String: Double] = [:]
    for label in 0..<labels {
      let column = shares.map { $0[label] }, known = truth.map { $0[label] > 0.5 }
      byLabel[task.labels[label]] = Metrics.auroc(column, positive: known)
      let hits = zip(column, known).filter { $0 >= 0.5 && $1 }.count
      let asked = column.filter { $0 >= 0.5 }.count + known.filter { $0 }.count
      if asked > 0 { scores.append(2 * Double(hits) / Double(asked)) }
    }
    out.macroF1 = scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    out.aurocByLabel = byLabel
  }

  private func zeroShot(
    _ task: LabelTask, _ embeddings: [[Float]], _ truth: [[Float]], _ descriptions: [[[Float]]]
  ) -> Evaluation.ZeroShot? {
    guard task.exclusive, !descriptions.isEmpty, descriptions.allSatisfy({ !$0.isEmpty }) else { return nil }
    let classes = task.labels.count
    let scores = embeddings.flatMap { embedding in
      descriptions.map { texts in
        texts.reduce(Float(0)) { $0 + RetrievalScorer.product($1, embedding) } / Float(texts.count)
      }
    }
    let wanted = truth.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
    let predicted = Metrics.argmax(scores, classes: classes)
    return .init(
      accuracy: Metrics.accuracy(predicted, truth: wanted),
      macroF1: Metrics.macroF1(predicted, truth: wanted),
      auroc: Metrics.macroAUROC(scores, classes: classes, truth: wanted))
  }
}

extension LabelTask.TargetScale {
  /// A standardised prediction in the manifest's units, kept inside the range seen in training.
  public func restored(_ value: Float) -> Float { max(low, min(high, value * deviation + mean)) }
}
