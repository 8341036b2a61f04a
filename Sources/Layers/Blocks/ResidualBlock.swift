import Tensors

/// A feed-forward part on normalised input, added to what came in.
public struct ResidualBlock: Layer {
  /// Before the feed-forward part.
  public var norm: LayerNorm
  /// Added to what came in.
  public var feedForward: FeedForward
  /// Share of values dropped from what is added, in training.
  public var dropout: Float

  /// Fresh weights, drawn from `rng`.
  public init(
    _ width: Int, hidden: Int, dropout: Float = 0, using rng: inout some RandomNumberGenerator
  ) {
    norm = LayerNorm(width)
    feedForward = FeedForward(width, hidden: hidden, using: &rng)
    self.dropout = dropout
  }

  /// - Parameter x: `[..., width]`.
  public func callAsFunction(
    _ x: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let part = feedForward(norm(x, on: tape), on: tape)
    return tape.add(x, dropout > 0 ? tape.dropout(part, rate: dropout, using: &rng) : part)
  }

  /// With projections of 8 bits, for inference.
  public func rounded() -> ResidualBlock {
    var copy = self
    copy.feedForward = feedForward.rounded()
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try norm.walk("\(prefix).norm", &visitor)
    try feedForward.walk("\(prefix).feedForward", &visitor)
  }
}
