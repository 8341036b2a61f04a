import Tensors

/// Two projections with an activation between them.
public struct FeedForward: Layer {
  public var expand: any Projection
  public var contract: any Projection
  public var activation: Activation

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

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try expand.walk("\(prefix).expand", &visitor)
    try contract.walk("\(prefix).contract", &visitor)
  }
}
