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

  /// - Parameters:
  ///   - x: `[..., width]`.
  ///   - residual: added to the result, of its shape.
  public func callAsFunction(_ x: Tensor, adding residual: Tensor? = nil, on tape: Tape) -> Tensor {
    if let expand = expand as? Int8Linear, let contract = contract as? Int8Linear {
      return tape.feedForward(
        x, expand: expand.map, contract: contract.map, activation: activation, adding: residual)
    }
    if let expand = expand as? Linear, let contract = contract as? Linear {
      return tape.feedForward(
        x, expand: LinearWeights(expand.weight, expand.bias),
        contract: LinearWeights(contract.weight, contract.bias), activation: activation, adding: residual)
    }
    let hidden = expand(x, on: tape, activation: activation)
    return residual.map { contract(hidden, adding: $0, on: tape) } ?? contract(hidden, on: tape)
  }

  /// With projections of 8 bits, for inference.
  public func rounded() -> FeedForward {
    var copy = self
    (copy.expand, copy.contract) = (expand.rounded(), contract.rounded())
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).expand", &expand)
    try visitor.visit("\(prefix).contract", &contract)
  }
}
