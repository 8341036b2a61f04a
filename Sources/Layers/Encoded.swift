import Tensors

/// What an encoder makes of a batch: a row of tokens each, and one vector for the whole.
public struct Encoded: Sendable {
  public var tokens: Tensor  // [batch, tokens, width]
  public var mask: Tensor?  // [batch, tokens], 1 where a token is there; nil: all are
  public var summary: Tensor  // [batch, width]

  public init(tokens: Tensor, mask: Tensor? = nil, summary: Tensor) {
    (self.tokens, self.mask, self.summary) = (tokens, mask, summary)
  }
}
