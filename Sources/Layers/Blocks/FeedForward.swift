import Tensors

/// Two projections with an activation between them.
public struct FeedForward: Layer {
  /// To the hidden width.
  public var expand: any Projection
  /// Back to the tokens' width.
  public var contract: any Projection
  /// Between the two.
  public var activation: Activation

  /// Fresh weights, drawn from `rng`.
  public init(
    _ width: Int, hidden: Int, activation: Activation = .gelu, using rng: inout some RandomNumberGenerator
  ) {
    expand = Linear(width, to: hidden, using: &rng)
    contract = Linear(hidden, to: width, using: &rng)
    self.activation = activation
  }

  /// - Parameter x: `[..., width]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    contract(expand(x, on: tape, activation: activation), on: tape)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try expand.walk("\(prefix).expand", &visitor)
    try contract.walk("\(prefix).contract", &visitor)
  }
}
