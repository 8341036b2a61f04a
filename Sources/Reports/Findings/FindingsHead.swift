import Layers
import Tensors
import Training

/// Which findings a scan shows, for every task that has images or clips.
public struct FindingsHead: Objective {
  /// By the index of the task.
  public var tasks: [Int: TaskHead]

  /// - Parameter tasks: those with images or clips, by index.
  public init(
    tasks: [Int: LabelTask], width: Int, dropout: Float, smoothing: Float,
    using rng: inout some RandomNumberGenerator
  ) {
    self.tasks = [:]
    for (index, task) in tasks.sorted(by: { $0.key < $1.key }) {
      self.tasks[index] = TaskHead(
        task, width: width, tokens: width, dropout: dropout, smoothing: smoothing, using: &rng)
    }
  }

  /// Cross-entropy of the labels and, where there are targets, the error of the number; see `TaskHead`.
  public func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm] {
    tasks[targets.task]?.losses(encoded, targets, on: tape, using: &rng) ?? []
  }

  /// Logits of the labels and the number, without dropout; empty for tasks of other heads.
  public func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers {
    tasks[task]?.answers(encoded, task: task, on: tape) ?? Answers()
  }

  /// Visits every parameter by its name, task by task.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    for index in tasks.keys.sorted() { try tasks[index]?.walk("\(prefix).\(index)", &visitor) }
  }
}
