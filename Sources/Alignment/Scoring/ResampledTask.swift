import Training

/// The figures of one task for many draws of its rows. What does not depend on the draw is found once.
struct ResampledTask {
  private let rows: TaskRows
  private let exclusive: Bool
  private let labels: Int
  /// One a label.
  private let ranked: [RankedScores?]
  /// Place of each labelled row in the confusion matrix, `truth * labels + answer`; empty for several labels.
  private var cells: [Int] = []
  /// Bin and error of each claim, `claims` of them a labelled row.
  private var bins: [Int] = [], errors: [Double] = [], right: [Bool] = []
  private var claims: Int { exclusive ? 1 : labels }
  private let squares: [Double]

  init(_ rows: TaskRows, _ task: LabelTask) {
    self.rows = rows
    (self.exclusive, labels) = (task.exclusive, task.labels.count)
    let classes = rows.classes
    let exclusive = task.exclusive
    let shares = rows.shares, truth = rows.truth
    let scored = shares.isEmpty ? [] : Array(task.labels.indices)
    ranked = scored.map { label -> RankedScores? in
      let scores: [Float] = shares.map { $0[label] }
      let positive: [Bool] = exclusive ? classes.map { $0 == label } : truth.map { $0[label] > 0.5 }
      return RankedScores(scores, positive: positive)
    }
    squares = zip(rows.predicted, rows.wanted).map { predicted, wanted -> Double in
      let error = Double(predicted) - Double(wanted)
      return error * error
    }
    guard !rows.shares.isEmpty else { return }
    let (confidences, correct) = TaskRows.claims(rows.shares, rows.truth, exclusive: exclusive)
    right = correct
    if !confidences.contains(where: \.isNaN) {
      bins = confidences.map { Metrics.calibrationBin($0) }
      errors = zip(confidences, correct).map { Double($0) - ($1 ? 1 : 0) }
    }
    if exclusive {
      cells = zip(classes, TaskRows.answers(rows.shares, classes: labels)).map { $0 * labels + $1 }
    }
  }

  /// Figures by name.
  /// - Parameter times: how often each of all scored rows was drawn.
  func figures(_ times: [Int]) -> [String: Double] {
    var found: [String: Double] = [:]
    let weights = rows.labelled.map { times[$0] }
    let total = weights.reduce(0, +)
    if total > 0, !rows.shares.isEmpty {
      found["accuracy"] = Double(hits(weights)) / Double(total * claims)
      found["auroc"] = mean(ranked.compactMap { $0?.auroc(weights) })
      found["ece"] = calibrationError(weights, total)
      if exclusive { confused(weights, &found) } else { found["macroF1"] = several(weights) }
    }
    let numbers = rows.numbered.map { times[$0] }, count = numbers.reduce(0, +)
    if count > 0 {
      let sum = zip(squares, numbers).reduce(0.0) { $0 + $1.0 * Double($1.1) }
      found["rmse"] = (sum / Double(count)).squareRoot()
    }
    return found
  }

  private func hits(_ weights: [Int]) -> Int {
    right.indices.reduce(0) { $0 + (right[$1] ? weights[$1 / claims] : 0) }
  }

  private func calibrationError(_ weights: [Int], _ total: Int) -> Double? {
    guard !bins.isEmpty else { return nil }
    var differences = [Double](repeating: 0, count: ReliabilityBin.bins)
    for claim in bins.indices { differences[bins[claim]] += errors[claim] * Double(weights[claim / claims]) }
    return differences.reduce(0) { $0 + abs($1) } / Double(total * claims)
  }

  /// Balanced accuracy and macro F1 from the confusion matrix of the draw.
  private func confused(_ weights: [Int], _ found: inout [String: Double]) {
    var matrix = [Int](repeating: 0, count: labels * labels)
    for (cell, weight) in zip(cells, weights) { matrix[cell] += weight }
    var recalls: [Double] = [], scores: [Double] = []
    for label in 0..<labels {
      let both = matrix[label * labels + label]
      var known = 0, said = 0
      for other in 0..<labels {
        known += matrix[label * labels + other]
        said += matrix[other * labels + label]
      }
      if known > 0 { recalls.append(Double(both) / Double(known)) }
      if known + said > 0 { scores.append(2 * Double(both) / Double(known + said)) }
    }
    found["balancedAccuracy"] = mean(recalls)
    found["macroF1"] = mean(scores)
  }

  private func several(_ weights: [Int]) -> Double? {
    mean(
      (0..<labels).compactMap { label in
        var both = 0, asked = 0
        for (row, weight) in weights.enumerated() where weight > 0 {
          let said = rows.shares[row][label] >= 0.5, known = rows.truth[row][label] > 0.5
          if said && known { both += weight }
          asked += (said ? weight : 0) + (known ? weight : 0)
        }
        return asked > 0 ? 2 * Double(both) / Double(asked) : nil
      })
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
