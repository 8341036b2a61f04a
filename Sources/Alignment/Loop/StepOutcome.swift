import Tensors
import Training

/// What one replica takes home from a step.
struct ReplicaOutcome: Sendable {
  /// One a parameter; nil where the replica's share did not touch it.
  var gradients: [Tensor?]
  var losses: [String: Float]
}

/// What a step gave, over all replicas of all processes: the same bits in every process.
struct StepOutcome: Sendable {
  var gradients: [Tensor?]
  /// By name, each the loss of the whole batch.
  var losses: [String: Float]

  /// - Parameter shapes: of the parameters.
  init(_ replicas: [ReplicaOutcome], shapes: [[Int]], of group: ProcessGroup?) throws {
    gradients = Gradients.sum(replicas.map(\.gradients))
    losses = [:]
    for (name, value) in replicas.flatMap(\.losses) { losses[name, default: 0] += value }
    guard let group else { return }
    losses = try group.sum(losses)
    try group.sum(&gradients, shapes: shapes)
  }
}
