import Faults
import Layers
import Reports
import Tensors
import Training

/// All heads of a bundle; each task belongs to the one that its kind of input asks for.
public struct ModelHeads: Objective {
  /// Answers the tasks of images and clips; nil without a vision encoder.
  public var findings: FindingsHead?
  /// Answers the tasks of series; nil without a series encoder.
  public var faults: FaultHead?
  /// Writes sentences on images and clips; nil where none is trained.
  public var decoder: SentenceDecoder?

  /// Nil for heads that the bundle does not have.
  public init(findings: FindingsHead?, faults: FaultHead?, decoder: SentenceDecoder?) {
    (self.findings, self.faults, self.decoder) = (findings, faults, decoder)
  }

  /// Those of the fault head for its tasks; for others those of the findings head and of the sentence decoder.
  public func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm] {
    if let faults, faults.tasks[targets.task] != nil {
      return faults.losses(encoded, targets, on: tape, using: &rng)
    }
    return (findings?.losses(encoded, targets, on: tape, using: &rng) ?? [])
      + (decoder?.losses(encoded, targets, on: tape, using: &rng) ?? [])
  }

  /// From the fault head for its tasks, otherwise from the findings head; empty where no head has the task.
  public func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers {
    if let faults, faults.tasks[task] != nil { return faults.answers(encoded, task: task, on: tape) }
    return findings?.answers(encoded, task: task, on: tape) ?? Answers()
  }

  /// Visits every parameter by its name, under `findings`, `faults` and `decoder`.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try findings?.walk("\(prefix).findings", &visitor)
    try faults?.walk("\(prefix).faults", &visitor)
    try decoder?.walk("\(prefix).decoder", &visitor)
  }
}
