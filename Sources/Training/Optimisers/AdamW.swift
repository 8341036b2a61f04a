import Layers
import Tensors

/// Adam with decoupled weight decay (Loshchilov, Hutter 2019). Vectors (biases, norms) are not decayed unless that is
/// asked for.
public struct AdamW: Sendable {
  /// Decay of the mean of gradients.
  public var beta1: Float
  /// Decay of the mean of their squares.
  public var beta2: Float
  /// Keeps the division from zero.
  public var epsilon: Float
  /// Share of a weight that goes with each step, times the learning rate.
  public var weightDecay: Float
  /// Whether vectors and scalars are decayed like matrices, as PyTorch's optimiser does by default.
  public var decaysVectors: Bool
  /// Updates made so far.
  public private(set) var step = 0
  private var first: [[Float]] = []
  private var second: [[Float]] = []

  /// Defaults as usual for contrastive training of transformers.
  public init(
    weightDecay: Float = 0.05, beta1: Float = 0.9, beta2: Float = 0.98, epsilon: Float = 1e-8,
    decaysVectors: Bool = false
  ) {
    (self.weightDecay, self.beta1, self.beta2, self.epsilon) = (weightDecay, beta1, beta2, epsilon)
    self.decaysVectors = decaysVectors
  }

  /// One update.
  /// - Parameters:
  ///   - parameters: in walk order.
  ///   - gradients: one a parameter; nil leaves a parameter and its moments as they are.
  ///   - scale: factor on the gradients, such as that of clipping.
  public mutating func update(
    _ parameters: [Tensor], gradients: [Tensor?], learningRate: Float, scale: Float = 1
  ) -> [Tensor] {
    precondition(parameters.count == gradients.count)
    begin(parameters)
    return parameters.enumerated().map { index, parameter in
      guard let gradient = gradients[index] else { return parameter }
      var moved = Moving(parameter: parameter, first: first[index], second: second[index])
      (first[index], second[index]) = ([], [])
      moved.step(by: gradient, numbers(gradient.shape.count > 1, learningRate, scale))
      (first[index], second[index]) = (moved.first, moved.second)
      return moved.parameter
    }
  }

  /// One update in place, shared over a team: nothing of the parameters' size is made where no one else holds them.
  /// The same bits as without a team, whatever its size.
  /// - Parameters:
  ///   - parameters: in walk order.
  ///   - gradients: one a parameter; nil leaves a parameter and its moments as they are.
  ///   - rates: factors on the learning rate, one a parameter; 1 for all by default.
  ///   - scale: factor on the gradients, such as that of clipping.
  public mutating func update(
    _ parameters: inout [Tensor], gradients: [Tensor?], learningRate: Float, rates: [Float]? = nil,
    scale: Float = 1, on team: ReplicaTeam
  ) throws {
    precondition(
      parameters.count == gradients.count && rates.map(\.count) ?? gradients.count == gradients.count)
    begin(parameters)
    var moving = parameters.indices.map {
      Moving(parameter: parameters[$0], first: first[$0], second: second[$0])
    }
    let sizes = parameters.map(\.count)
    let steps = gradients.indices.map { index in
      let decays = (gradients[index]?.shape.count ?? 0) > 1
      return numbers(decays, learningRate * (rates?[index] ?? 1), scale)
    }
    // What moves is held once only, so that it changes in place.
    (parameters, first, second) = ([], [], [])
    _ = try team.change(&moving, sizes: sizes) { moved, index in
      guard let gradient = gradients[index] else { return }
      moved.step(by: gradient, steps[index])
    }
    parameters = moving.map(\.parameter)
    first = moving.map(\.first)
    second = moving.map(\.second)
  }

  /// As above, of a layer's own parameters.
  public mutating func update(
    _ layer: inout some Layer, gradients: [Tensor?], learningRate: Float, scale: Float = 1,
    on team: ReplicaTeam
  ) throws {
    var parameters = layer.takeParameters()
    try update(&parameters, gradients: gradients, learningRate: learningRate, scale: scale, on: team)
    layer.putBack(parameters)
  }

  /// A parameter and its moments.
  private struct Moving: Sendable {
    var parameter: Tensor
    var first: [Float]
    var second: [Float]

    mutating func step(by gradient: Tensor, _ numbers: AdamWStep) {
      parameter.withUnsafeMutableFloats { p in
        gradient.withUnsafeFloats { g in
          first.withUnsafeMutableBufferPointer { m in
            second.withUnsafeMutableBufferPointer { v in
              adamWStep(parameter: p, gradient: g, m: m, v: v, numbers)
            }
          }
        }
      }
    }
  }

  private mutating func begin(_ parameters: [Tensor]) {
    if first.isEmpty {
      first = parameters.map { [Float](repeating: 0, count: $0.count) }
      // Not a copy of the first: shared memory would be copied at the first change anyway.
      second = parameters.map { [Float](repeating: 0, count: $0.count) }
    }
    step += 1
  }

  private func numbers(_ decays: Bool, _ learningRate: Float, _ scale: Float) -> AdamWStep {
    AdamWStep(
      rate: learningRate, step: step, beta1: beta1, beta2: beta2, epsilon: epsilon,
      decay: decays || decaysVectors ? weightDecay : 0, gradientScale: scale)
  }

  /// The moments, for a checkpoint.
  public var moments: (first: [[Float]], second: [[Float]]) { (first, second) }

  /// Goes on from a checkpoint.
  public mutating func restore(step: Int, first: [[Float]], second: [[Float]]) {
    (self.step, self.first, self.second) = (step, first, second)
  }
}
