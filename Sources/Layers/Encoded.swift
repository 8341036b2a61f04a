import Tensors

/// What an encoder makes of a batch: a row of tokens each, and one vector for the whole.
public struct Encoded: Sendable {
  /// `[batch, tokens, width]`.
  public var tokens: Tensor  // [batch, tokens, width]
  /// `[batch, tokens]`, 1 where a token is there; nil: all are.
  public var mask: Tensor?  // [batch, tokens], 1 where a token is there; nil: all are
  /// `[batch, width]`.
  public var summary: Tensor  // [batch, width]

  /// - Parameters:
  ///   - tokens: `[batch, tokens, width]`.
  ///   - mask: `[batch, tokens]`, 1 where a token is there; nil: all are.
  ///   - summary: `[batch, width]`.
  public init(tokens: Tensor, mask: Tensor? = nil, summary: Tensor) {
    (self.tokens, self.mask, self.summary) = (tokens, mask, summary)
  }
}
