import Tensors

/// Normalisation over the last axis (Ba, Kiros, Hinton 2016).
public struct LayerNorm: Layer {
  /// What the normalised values are multiplied by, `[width]`.
  public var weight: Tensor  // [width]
  /// What is added then, `[width]`.
  public var bias: Tensor  // [width]
  /// Keeps the division from zero.
  public var epsilon: Float

  /// Ones and zeros.
  public init(_ width: Int, epsilon: Float = 1e-5) {
    weight = Tensor(repeating: 1, shape: [width])
    bias = Tensor(zeros: [width])
    self.epsilon = epsilon
  }

  /// `[…, width]` to the same shape.
  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).weight", &weight)
    try visitor.visit("\(prefix).bias", &bias)
  }
}
