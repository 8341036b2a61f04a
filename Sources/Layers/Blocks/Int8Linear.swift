import Tensors

/// `x Wᵀ + b` with weights of 8 bits, one scale an output, and x rounded to 8 bits row by row; for inference only.
/// It has no parameters: nothing trains it and nothing saves it. Make it of a trained `Linear`.
public struct Int8Linear: Projection {
  /// Weights and bias, laid out for products.
  public let map: IntegerMap

  /// Rounds a linear map.
  public init(_ linear: Linear) { map = IntegerMap(linear.weight, bias: linear.bias) }

  /// `[…, in]` to `[…, out]`, f32, the activation applied in the same pass.
  public func callAsFunction(_ x: Tensor, on tape: Tape, activation: Activation) -> Tensor {
    tape.linear(x, map, activation: activation)
  }

  /// The result and `residual`, added in the same pass.
  public func callAsFunction(_ x: Tensor, adding residual: Tensor, on tape: Tape) -> Tensor {
    tape.linear(x, map, adding: residual)
  }

  /// Itself.
  public func rounded() -> any Projection { self }

  /// Visits nothing.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {}
}
