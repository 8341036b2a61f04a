import Tensors
import Training

/// What one replica takes home from a step.
struct ReplicaOutcome: Sendable {
  /// One a trained parameter; nil where the replica's share did not touch it.
  var gradients: [Tensor?]
  var losses: [String: Float]
}

/// What a step gave, over all replicas of all processes: the same bits in every process.
struct StepOutcome: Sendable {
  var gradients: [Tensor?]
  /// Of all gradients together.
  var norm: Float
  /// By name, each the loss of the whole batch.
  var losses: [String: Float]

  /// - Parameters:
  ///   - replicas: empty afterwards, so that no gradient is held twice.
  ///   - shapes: of the trained parameters.
  init(_ replicas: inout [ReplicaOutcome], shapes: [[Int]], on team: ReplicaTeam) throws {
    losses = [:]
    for (name, value) in replicas.flatMap(\.losses) { losses[name, default: 0] += value }
    var lists = replicas.map(\.gradients)
    replicas = []
    (gradients, norm) = try Gradients.sum(&lists, on: team)
    guard let group = team.group else { return }
    losses = try group.sum(losses)
    try group.sum(&gradients, shapes: shapes)
    norm = Gradients.norm(gradients)
  }
}
