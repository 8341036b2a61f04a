import Layers
import Tensors

/// What is known of the rows of a batch, all of one task.
public struct BatchTargets: Sendable {
  /// Index of the task.
  public var task: Int
  /// `[batch][labels]`, shares between 0 and 1; nil for a row without label.
  public var labels: [[Float]?]
  /// Standardised targets; nil for a row without one.
  public var values: [Float?]
  /// One text a row to be written by a decoder, begin and end tokens included; nil without one.
  public var texts: [[Int]?]

  /// - Parameters:
  ///   - labels: shares by label; nil where not known.
  ///   - texts: tokens; nil where there is none.
  public init(task: Int, labels: [[Float]?], values: [Float?], texts: [[Int]?]) {
    (self.task, self.labels, self.values, self.texts) = (task, labels, values, texts)
  }
}

/// A part of a loss: its sum over the rows that take part, and their number. Sums and counts of several
/// replicas add up to those of the whole batch.
public struct LossTerm {
  /// Stands in the training record.
  public var name: String
  /// Sum over the samples that count, a scalar.
  public var sum: Tensor  // []
  /// How many samples, or what weight of them, it sums over.
  public var count: Float

  /// - Parameter sum: over the samples that count, a scalar.
  public init(_ name: String, sum: Tensor, count: Float) {
    (self.name, self.sum, self.count) = (name, sum, count)
  }
}

/// What a head says of a batch.
public struct Answers: Sendable {
  /// `[batch, labels]`, before softmax or sigmoid; nil for a task without labels.
  public var logits: Tensor?
  /// `[batch]`, standardised; nil for a task without numbers.
  public var values: Tensor?

  /// Nil for what a head does not answer.
  public init(logits: Tensor? = nil, values: Tensor? = nil) { (self.logits, self.values) = (logits, values) }
}

/// A head that learns from encoded rows and answers from them.
public protocol Objective: Layer {
  /// The losses of a batch, those that apply.
  func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm]

  /// The answers for a batch of rows of one task.
  func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers
}
