import Tensors

/// A map over the last axis; the typed slot in which a low-rank or an integer variant may take the place of
/// `Linear`.
public protocol Projection: Layer {
  /// - Parameter x: `[..., in]`.
  /// - Returns: `[..., out]`.
  func callAsFunction(_ x: Tensor, on tape: Tape, activation: Activation) -> Tensor
  /// The result and `residual`, of its shape, added.
  func callAsFunction(_ x: Tensor, adding residual: Tensor, on tape: Tape) -> Tensor
  /// The same map with weights of 8 bits, for inference.
  func rounded() -> any Projection
}

extension Projection {
  /// The result and `residual`, of its shape, added.
  public func callAsFunction(_ x: Tensor, adding residual: Tensor, on tape: Tape) -> Tensor {
    tape.add(residual, self(x, on: tape, activation: .none))
  }

  /// `[…, in]` to `[…, out]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor { self(x, on: tape, activation: .none) }
}

/// `x Wᵀ + b`.
public struct Linear: Projection {
  /// `[out, in]`.
  public var weight: Tensor  // [out, in]
  /// `[out]`; nil for none.
  public var bias: Tensor?  // [out]

  /// Uniform in ±1/√in times `gain`, biases zero (after LeCun 1998).
  public init(
    _ inputs: Int, to outputs: Int, bias: Bool = true, gain: Float = 1,
    using rng: inout some RandomNumberGenerator
  ) {
    let bound = gain * (3 / Float(inputs)).squareRoot() * 0.577_35
    weight = Tensor([outputs, inputs], drawnFrom: &rng) { $0.uniform(-bound, bound) }
    self.bias = bias ? Tensor(zeros: [outputs]) : nil
  }

  /// `[…, in]` to `[…, out]`, the activation applied in the same pass.
  public func callAsFunction(_ x: Tensor, on tape: Tape, activation: Activation) -> Tensor {
    tape.linear(x, weight: weight, bias: bias, activation: activation)
  }

  /// The same map with weights of 8 bits.
  public func rounded() -> any Projection { Int8Linear(self) }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).weight", &weight)
    if var bias {
      try visitor.visit("\(prefix).bias", &bias)
      self.bias = bias
    }
  }
}
