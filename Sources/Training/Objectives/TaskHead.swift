import Layers
import Tensors

/// The answer to one task from an input's summary: a label, several labels, a number, or label and number.
public struct TaskHead: Objective {
  /// What it answers.
  public let task: LabelTask
  var norm: LayerNorm
  var labels: Linear?
  /// For labels that may stand together: what each place says of them.
  var places: LabelAttention?
  var values: Linear?
  /// Share of the summary dropped, in training.
  public var dropout: Float
  /// Share of the probability spread over all labels in training.
  public var smoothing: Float
  /// What rows of each label count in the loss, for labels that exclude each other; nil where all count the same.
  public var labelWeights: [Float]?

  /// - Parameters:
  ///   - task: labels and target that it answers.
  ///   - tokens: width of tokens that all stand for places; nil where labels go by the summary alone.
  public init(
    _ task: LabelTask, width: Int, tokens: Int? = nil, dropout: Float = 0.1, smoothing: Float = 0,
    using rng: inout some RandomNumberGenerator
  ) {
    self.task = task
    norm = LayerNorm(width)
    labels = task.labels.isEmpty ? nil : Linear(width, to: task.labels.count, using: &rng)
    places =
      task.labels.isEmpty || task.exclusive
      ? nil : tokens.map { LabelAttention($0, labels: task.labels.count, using: &rng) }
    values = task.target.map { _ in Linear(width, to: 1, using: &rng) }
    (self.dropout, self.smoothing) = (dropout, smoothing)
  }

  /// Cross-entropy of the labels and, where there are targets, the error of the standardised number.
  public func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm] {
    let summary = tape.dropout(norm(encoded.summary, on: tape), rate: dropout, using: &rng)
    var terms: [LossTerm] = []
    if targets.labels.contains(where: { $0 != nil }), let logits = logits(encoded, summary, on: tape) {
      terms.append(labelTerm(logits, targets.labels, on: tape))
    }
    if let values, targets.values.contains(where: { $0 != nil }) {
      let predicted = tape.reshape(values(summary, on: tape), [targets.values.count])
      let weights = targets.values.map { $0 == nil ? Float(0) : 1 }
      let wanted = Tensor(targets.values.map { $0 ?? 0 }, shape: [targets.values.count])
      let count = weights.reduce(0, +)
      let mean = tape.huber(
        predicted, target: wanted, delta: 0.5, weights: Tensor(weights, shape: [weights.count]))
      terms.append(LossTerm("values", sum: tape.scale(mean, by: count), count: count))
    }
    return terms
  }

  private func logits(_ encoded: Encoded, _ summary: Tensor, on tape: Tape) -> Tensor? {
    guard let whole = labels.map({ $0(summary, on: tape) }) else { return nil }
    return places.map { tape.add(whole, $0(encoded, on: tape)) } ?? whole
  }

  private func labelTerm(_ logits: Tensor, _ rows: [[Float]?], on tape: Tape) -> LossTerm {
    let count = task.labels.count
    let weights = rows.map { row in row.map(weight) ?? 0 }
    let labelled = weights.reduce(0, +)
    let wanted = Tensor(
      rows.flatMap { row -> [Float] in
        guard let row else { return [Float](repeating: 0, count: count) }
        return row.map {
          task.exclusive
            ? $0 * (1 - smoothing) + smoothing / Float(count) : $0 * (1 - smoothing) + smoothing / 2
        }
      }, shape: [rows.count, count])
    let mean: Tensor
    if task.exclusive {
      mean = tape.crossEntropy(logits, targets: wanted, weights: weights)
    } else {
      let each = Tensor(
        weights.flatMap { [Float](repeating: $0, count: count) }, shape: [rows.count, count])
      // Half the sum over the labels: their mean would leave a rare finding next to no say.
      mean = tape.scale(
        tape.binaryCrossEntropy(logits, targets: wanted, weights: each), by: Float(count) / 2)
    }
    return LossTerm("labels", sum: tape.scale(mean, by: labelled), count: labelled)
  }

  /// What a row counts.
  private func weight(_ shares: [Float]) -> Float {
    guard task.exclusive, let labelWeights else { return 1 }
    let sum = shares.reduce(0, +)
    return sum > 0 ? zip(shares, labelWeights).reduce(0) { $0 + $1.0 * $1.1 } / sum : 1
  }

  /// Logits `[batch, labels]` and standardised numbers `[batch]`, without dropout.
  public func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers {
    let summary = norm(encoded.summary, on: tape)
    return Answers(
      logits: logits(encoded, summary, on: tape),
      values: values.map { tape.reshape($0(summary, on: tape), [encoded.summary.shape[0]]) })
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try norm.walk("\(prefix).norm", &visitor)
    try labels?.walk("\(prefix).labels", &visitor)
    try places?.walk("\(prefix).places", &visitor)
    try values?.walk("\(prefix).values", &visitor)
  }
}
