import Tensors

/// One vector for many tokens: a learned query attends to them (Lee et al. 2019, "Set Transformer"), and its
/// answer is added to their mean.
public struct AttentionPool: Layer {
  /// What asks the tokens, `[1, 1, width]`.
  public var query: Tensor  // [1, 1, width]
  /// Of the tokens, before attention.
  public var norm: LayerNorm
  /// From the query to the tokens.
  public var attention: MultiHeadAttention

  /// Fresh weights, drawn from `rng`.
  public init(_ width: Int, heads: HeadRule, using rng: inout some RandomNumberGenerator) {
    query = Tensor([1, 1, width], drawnFrom: &rng) { 0.02 * $0.normal() }
    norm = LayerNorm(width)
    attention = MultiHeadAttention(width, heads: heads, using: &rng)
  }

  /// - Parameters:
  ///   - x: `[batch, tokens, width]`.
  ///   - mask: `[batch, tokens]`, 1 where a token is there.
  /// - Returns: `[batch, width]`.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil, on tape: Tape) -> Tensor {
    let tokens = norm(x, on: tape)
    let asked = tape.add(query, Tensor(zeros: [x.shape[0], 1, x.shape[2]]))
    let found = attention(asked, context: tokens, mask: mask, on: tape)
    let mean =
      mask.map { tape.maskedMean(tokens, $0) } ?? tape.mean(tokens, axis: 1, keep: false)
    return tape.add(tape.reshape(found, [x.shape[0], x.shape[2]]), mean)
  }

  /// The share of the answer that each token has: `[batch, tokens]`, for showing evidence.
  public func weights(_ x: Tensor, mask: Tensor? = nil, on tape: Tape) -> Tensor {
    let asked = tape.add(query, Tensor(zeros: [x.shape[0], 1, x.shape[2]]))
    let all = attention.weights(asked, context: norm(x, on: tape), mask: mask, on: tape)
    return tape.reshape(all, [x.shape[0], x.shape[1]])
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).query", &query)
    try norm.walk("\(prefix).norm", &visitor)
    try attention.walk("\(prefix).attention", &visitor)
  }
}
