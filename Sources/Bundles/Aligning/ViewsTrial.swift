import Alignment
import Training

/// How well the views of examinations are answered when they are encoded together, and when each answers by itself and
/// the answers are pooled.
public struct ViewsFigures: Sendable, Codable, Hashable {
  /// Index into the bundle's tasks.
  public var task: Int
  /// Examinations with several views that were compared.
  public var n: Int
  /// Macro AUROC of views encoded together.
  public var together: Double
  /// Macro AUROC of mean logits of single views.
  public var apart: Double

  /// By how much pooling is ahead at least, one standard error of the difference taken off (bootstrap over the
  /// examinations).
  public var lead: Double

  /// Whether reports encode views together: unless pooling is ahead by more than chance.
  public var prefersTogether: Bool { lead <= 0 }
}

/// Has validation say whether views are encoded together.
struct ViewsTrial: Sendable {
  var bundle: ModelBundle

  /// - Returns: one for each task of which some validation rows have several views; none where nothing can be ranked.
  func score(_ samples: [Sample], on team: ReplicaTeam) throws -> [ViewsFigures] {
    let examinations = samples.filter { $0.input.kind == .views && $0.labels != nil }
    let tasks = Set(examinations.map(\.task)).sorted()
    return try tasks.compactMap { task in
      let rows = examinations.filter { $0.task == task }
      let singles = rows.flatMap(\.singleViews)
      let together = try bundle.predictor.predict(rows, on: team).map(\.logits)
      var each = try bundle.predictor.predict(singles, on: team).map(\.logits)[...]
      let apart = rows.map { row -> [Float] in
        let own = each.prefix(row.singleViews.count)
        each = each.dropFirst(own.count)
        return (own.first ?? []).indices.map { label in
          own.reduce(0) { $0 + $1[label] } / Float(own.count)
        }
      }
      let truth = rows.map { $0.labels ?? [] }, all = Array(rows.indices)
      let answers = [together, apart].map { $0.map { bundle.probabilities(task: task, $0) } }
      guard let joint = auroc(answers[0], truth, all, task), let pooled = auroc(answers[1], truth, all, task)
      else { return nil }
      let spread = Bootstrap.interval(count: rows.count, resamples: 200, level: ViewsTrial.oneError) {
        drawn in
        guard let joint = auroc(answers[0], truth, drawn, task),
          let pooled = auroc(answers[1], truth, drawn, task)
        else { return nil }
        return pooled - joint
      }
      return ViewsFigures(
        task: task, n: rows.count, together: joint, apart: pooled, lead: spread?.lowerBound ?? pooled - joint)
    }
  }

  /// Share of a normal distribution within one standard error.
  private static let oneError = 0.6827

  private func auroc(_ answers: [[Float]], _ truth: [[Float]], _ rows: [Int], _ task: Int) -> Double? {
    let label = bundle.description.tasks[task], count = label.labels.count
    let scores = rows.flatMap { answers[$0] }
    let shares = rows.map { truth[$0] }
    guard label.exclusive else {
      return Metrics.macroAUROC(scores, labels: count, positive: shares.joined().map { $0 > 0.5 })
    }
    return Metrics.macroAUROC(
      scores, classes: count, truth: shares.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 })
  }
}
