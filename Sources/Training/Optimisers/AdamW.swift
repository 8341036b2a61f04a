import Layers
import Tensors

/// Adam with decoupled weight decay (Loshchilov, Hutter 2019). Vectors (biases, norms) are not decayed.
public struct AdamW: Sendable {
  /// Decay of the mean of gradients.
  public var beta1: Float
  /// Decay of the mean of their squares.
  public var beta2: Float
  /// Keeps the division from zero.
  public var epsilon: Float
  /// Share of a weight that goes with each step, times the learning rate.
  public var weightDecay: Float
  /// Updates made so far.
  public private(set) var step = 0
  private var first: [[Float]] = []
  private var second: [[Float]] = []

  /// Defaults as usual for contrastive training of transformers.
  public init(weightDecay: Float = 0.05, beta1: Float = 0.9, beta2: Float = 0.98, epsilon: Float = 1e-8) {
    (self.weightDecay, self.beta1, self.beta2, self.epsilon) = (weightDecay, beta1, beta2, epsilon)
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
      updated[index] = apply(
        parameters[index], gradient, index, learningRate: learningRate, scale: scale)
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
      let decay = tensor.shape.count > 1 ? optimiser.weightDecay : 0
      let step = AdamWStep(
        rate: learningRate, step: optimiser.step, beta1: optimiser.beta1, beta2: optimiser.beta2,
        epsilon: optimiser.epsilon, decay: decay, gradientScale: 1)
      let place = index
      tensor.withUnsafeMutableFloats { p in
        gradient.withUnsafeFloats { g in
          optimiser.first[place].withUnsafeMutableBufferPointer { m in
            optimiser.second[place].withUnsafeMutableBufferPointer { v in
              adamWStep(parameter: p, gradient: g, m: m, v: v, step)
            }
          }
        }
      }
    }
  }

  private mutating func apply(
    _ parameter: Tensor, _ gradient: Tensor, _ index: Int, learningRate: Float, scale: Float
  ) -> Tensor {
    let decay = parameter.shape.count > 1 ? 1 - learningRate * weightDecay : 1
    let correction1 = 1 - power(beta1, step), correction2 = 1 - power(beta2, step)
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    return Tensor(shape: parameter.shape) { out in
      parameter.withUnsafeFloats { p in
        gradient.withUnsafeFloats { g in
          first[index].withUnsafeMutableBufferPointer { m in
            second[index].withUnsafeMutableBufferPointer { v in
              for i in 0..<p.count {
                let slope = g[i] * scale
                m[i] = beta1 * m[i] + (1 - beta1) * slope
                v[i] = beta2 * v[i] + (1 - beta2) * slope * slope
                let move = (m[i] / correction1) / ((v[i] / correction2).squareRoot() + epsilon)
                out[i] = p[i] * decay - learningRate * move
              }
            }
          }
        }
      }
    }
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var result: Float = 1, factor = base, rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// The moments, for a checkpoint.
  public var moments: (first: [[Float]], second: [[Float]]) { (first, second) }

  /// Goes on from a checkpoint.
  public mutating func restore(step: Int, first: [[Float]], second: [[Float]]) {
    (self.step, self.first, self.second) = (step, first, second)
  }
}
