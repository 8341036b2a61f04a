import Tensors

/// A slow average of the weights (Polyak, Juditsky 1992); often better on data not seen than the last weights.
public struct WeightAverage: Sendable {
  /// Share of the old average that stays each step.
  public var decay: Float
  /// The averages, in the order of the parameters.
  public private(set) var values: [Tensor]
  private var updates = 0

  /// - Parameter decay: share of the old average that stays each step.
  public init(_ parameters: [Tensor], decay: Float) { (values, self.decay) = (parameters, decay) }

  /// Moves the average towards `parameters`; early on faster, so that the first weights are forgotten.
  /// In place where no one else holds the averages, shared over a team.
  public mutating func update(_ parameters: [Tensor], on team: ReplicaTeam) throws {
    updates += 1
    let keep = min(decay, Float(1 + updates) / Float(10 + updates))
    _ = try team.change(&values, sizes: parameters.map(\.count)) { average, index in
      average.blend(parameters[index], keep: keep)
    }
  }

  /// Goes on from a checkpoint.
  public mutating func restore(_ values: [Tensor], updates: Int) {
    (self.values, self.updates) = (values, updates)
  }

  /// Updates made so far, for a checkpoint.
  public var count: Int { updates }
}
