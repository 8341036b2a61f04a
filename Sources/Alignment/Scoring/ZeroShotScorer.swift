import Training

/// Scores answers that come from the texts of labels alone.
public enum ZeroShotScorer {
  /// - Parameters:
  ///   - similarities: to every label of its task: `[sample][label]`.
  ///   - calls: turns them into yes and no where several labels may hold; nil where nothing does.
  /// - Returns: figures under `zeroShot` alone, of samples with a label.
  public static func evaluation(
    _ samples: [Sample], tasks: [LabelTask], similarities: [[Float]], split: String,
    calls: (([Float]) -> [Bool])?
  ) -> Evaluation {
    var figures: [Evaluation.TaskFigures] = []
    for (index, task) in tasks.enumerated() {
      let rows = samples.indices.filter { samples[$0].task == index && samples[$0].labels != nil }
      guard !rows.isEmpty else { continue }
      var out = Evaluation.TaskFigures(task: task.name, n: rows.count)
      let truth = rows.map { samples[$0].labels ?? [] }, scores = rows.map { similarities[$0] }
      out.zeroShot =
        task.exclusive
        ? exclusive(scores, truth, classes: task.labels.count)
        : several(scores, truth, labels: task.labels.count, calls)
      figures.append(out)
    }
    func mean(_ part: (Evaluation.ZeroShot) -> Double?) -> Double? {
      let values = figures.compactMap { $0.zeroShot.flatMap(part) }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    return Evaluation(
      split: split, n: figures.reduce(0) { $0 + $1.n },
      zeroShot: .init(accuracy: mean(\.accuracy), macroF1: mean(\.macroF1), auroc: mean(\.auroc)),
      tasks: figures)
  }

  /// - Parameters:
  ///   - tasks: with all labels, those left out of training included.
  ///   - similarities: `[sample][label of its task]`.
  public static func leftOut(
    _ labels: Set<String>, _ samples: [Sample], tasks: [LabelTask], similarities: [[Float]]
  ) -> LeftOutFigures {
    var found: [LeftOutFigures.TaskFigures] = []
    for (index, task) in tasks.enumerated() {
      let rows = samples.indices.filter { samples[$0].task == index && samples[$0].labels != nil }
      let places = task.labels.indices.filter { labels.contains(task.labels[$0]) }
      func has(_ row: Int, _ place: Int) -> Bool { (samples[row].labels?[place] ?? 0) > 0.5 }
      let held = rows.filter { row in places.contains { has(row, $0) } }
      guard !held.isEmpty else { continue }
      func aurocs(_ rows: [Int]) -> [Int: Double] {
        var out: [Int: Double] = [:]
        for place in places {
          out[place] = Metrics.auroc(
            rows.map { similarities[$0][place] }, positive: rows.map { has($0, place) })
        }
        return out
      }
      func accuracy(_ rows: [Int], among allowed: [Int]) -> Double? {
        guard task.exclusive, !rows.isEmpty else { return nil }
        let right = rows.count { row in
          let best = allowed.max { similarities[row][$0] < similarities[row][$1] } ?? 0
          return has(row, best)
        }
        return Double(right) / Double(rows.count)
      }
      let every = Array(task.labels.indices), among = aurocs(rows), inside = aurocs(held)
      found.append(
        .init(
          task: task.name, labels: places.map { task.labels[$0] }, allLabels: every.count, n: held.count,
          accuracyAmongAll: accuracy(held, among: every),
          accuracyAmongLeftOut: places.count > 1 ? accuracy(held, among: places) : nil,
          aurocAmongAll: mean(among), aurocAmongLeftOut: places.count > 1 ? mean(inside) : nil,
          aurocByLabel: Dictionary(uniqueKeysWithValues: among.map { (task.labels[$0], $1) }),
          accuracyOfKnown: accuracy(rows.filter { !held.contains($0) }, among: every)))
    }
    return LeftOutFigures(tasks: found)
  }

  private static func mean(_ values: [Int: Double]) -> Double? {
    values.isEmpty
      ? nil : values.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(values.count)
  }

  private static func exclusive(
    _ scores: [[Float]], _ truth: [[Float]], classes: Int
  ) -> Evaluation.ZeroShot {
    let wanted = truth.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
    let flat = scores.flatMap { $0 }
    let predicted = Metrics.argmax(flat, classes: classes)
    return .init(
      accuracy: Metrics.accuracy(predicted, truth: wanted),
      macroF1: Metrics.macroF1(predicted, truth: wanted),
      auroc: Metrics.macroAUROC(flat, classes: classes, truth: wanted))
  }

  private static func several(
    _ scores: [[Float]], _ truth: [[Float]], labels: Int, _ calls: (([Float]) -> [Bool])?
  ) -> Evaluation.ZeroShot {
    let positive = truth.map { $0.map { $0 > 0.5 } }
    var out = Evaluation.ZeroShot(
      auroc: Metrics.macroAUROC(
        scores.flatMap { $0 }, labels: labels, positive: positive.flatMap { $0.map { Optional($0) } }))
    guard let calls else { return out }
    let called = scores.map(calls)
    let right = zip(called, positive).reduce(0) { $0 + zip($1.0, $1.1).count { $0 == $1 } }
    out.accuracy = Double(right) / Double(max(1, truth.count * labels))
    let f1 = (0..<labels).compactMap { label -> Double? in
      let hits = zip(called, positive).count { $0[label] && $1[label] }
      let asked = called.count { $0[label] } + positive.count { $0[label] }
      return asked > 0 ? 2 * Double(hits) / Double(asked) : nil
    }
    out.macroF1 = f1.isEmpty ? nil : f1.reduce(0, +) / Double(f1.count)
    return out
  }
}
