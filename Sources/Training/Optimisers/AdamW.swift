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
    if first.isEmpty {
      first = parameters.map { [Float](repeating: 0, count: $0.count) }
      second = first
    }
    step += 1
    var updated = parameters
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      updated[index] = Tensor(shape: parameters[index].shape) { out in
        parameters[index].withUnsafeFloats { _ = out.update(from: $0) }
        move(out, by: gradient, index, learningRate: learningRate, scale: scale)
      }
    }
    return updated
  }

  /// One update of a layer in place, where no one else holds its parameters: nothing of their size is made.
  /// - Parameter replicas: gradients in walk order, one list a replica; summed parameter by parameter, in the replicas'
  ///   order.
  public mutating func update(
    _ layer: inout some Layer, replicas: [[Tensor?]], learningRate: Float
  ) {
    if first.isEmpty {
      first = layer.parameters("").map { [Float](repeating: 0, count: $0.tensor.count) }
      second = first
    }
    step += 1
    var walk = InPlace(optimiser: self, replicas: replicas, learningRate: learningRate)
    // The walk's copy alone holds the moments, so that they change in place too.
    (first, second) = ([], [])
    // Updating throws nothing.
    try? layer.walk("", &walk)
    self = walk.optimiser
  }

  private struct InPlace: ParameterVisitor {
    var optimiser: AdamW
    let replicas: [[Tensor?]]
    let learningRate: Float
    var index = 0

    mutating func visit(_ name: String, _ tensor: inout Tensor) {
      defer { index += 1 }
      let gradient = Gradients.sum(replicas.map { [$0[index]] })[0]
      guard let gradient else { return }
      let (place, rate) = (index, learningRate)
      tensor.withUnsafeMutableFloats { values in
        optimiser.move(values, by: gradient, place, learningRate: rate, scale: 1)
      }
    }
  }

  /// Moves the values of a parameter and its moments.
  private mutating func move(
    _ values: UnsafeMutableBufferPointer<Float>, by gradient: Tensor, _ index: Int, learningRate: Float,
    scale: Float
  ) {
    let numbers = AdamWStep(
      rate: learningRate, step: step, beta1: beta1, beta2: beta2, epsilon: epsilon,
      decay: decaysVectors || gradient.shape.count > 1 ? weightDecay : 0, gradientScale: scale)
    gradient.withUnsafeFloats { g in
      first[index].withUnsafeMutableBufferPointer { m in
        second[index].withUnsafeMutableBufferPointer { v in
          adamWStep(parameter: values, gradient: g, m: m, v: v, numbers)
        }
      }
    }
  }

  /// The moments, for a checkpoint.
  public var moments: (first: [[Float]], second: [[Float]]) { (first, second) }

  /// Goes on from a checkpoint.
  public mutating func restore(step: Int, first: [[Float]], second: [[Float]]) {
    (self.step, self.first, self.second) = (step, first, second)
  }
}
