import Tensors

/// Normalisation over the last axis (Ba, Kiros, Hinton 2016).
public struct LayerNorm: Layer {
  public var weight: Tensor  // [width]
  public var bias: Tensor  // [width]
  public var epsilon: Float

  public init(_ width: Int, epsilon: Float = 1e-5) {
    weight = Tensor(repeating: 1, shape: [width])
    bias = Tensor(zeros: [width])
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).weight", &weight)
    try visitor.visit("\(prefix).bias", &bias)
  }
}
