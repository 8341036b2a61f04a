import Faults
import Layers
import Reports
import Tensors
import Training

/// All heads of a bundle; each task belongs to the one that its kind of input asks for.
public struct ModelHeads: Objective {
  public var findings: FindingsHead?
  public var faults: FaultHead?
  public var decoder: SentenceDecoder?

  public init(findings: FindingsHead?, faults: FaultHead?, decoder: SentenceDecoder?) {
    (self.findings, self.faults, self.decoder) = (findings, faults, decoder)
  }

  public func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm] {
    if let faults, faults.tasks[targets.task] != nil {
      return faults.losses(encoded, targets, on: tape, using: &rng)
    }
    return (findings?.losses(encoded, targets, on: tape, using: &rng) ?? [])
      + (decoder?.losses(encoded, targets, on: tape, using: &rng) ?? [])
  }

  public func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers {
    if let faults, faults.tasks[task] != nil { return faults.answers(encoded, task: task, on: tape) }
    return findings?.answers(encoded, task: task, on: tape) ?? Answers()
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try findings?.walk("\(prefix).findings", &visitor)
    try faults?.walk("\(prefix).faults", &visitor)
    try decoder?.walk("\(prefix).decoder", &visitor)
  }
}
