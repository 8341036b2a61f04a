import Tensors

/// Scaled dot-product attention with several heads (Vaswani et al. 2017).
public struct MultiHeadAttention: Layer {
  public var query: any Projection
  public var key: any Projection
  public var value: any Projection
  public var out: any Projection
  public var width: Int
  public var rule: HeadRule

  /// - Parameter context: width of the tokens attended to; the layer's own by default.
  public init(
    _ width: Int, context: Int? = nil, heads rule: HeadRule, using rng: inout some RandomNumberGenerator
  ) {
    query = Linear(width, to: width, using: &rng)
    key = Linear(context ?? width, to: width, using: &rng)
    value = Linear(context ?? width, to: width, using: &rng)
    out = Linear(width, to: width, using: &rng)
    (self.width, self.rule) = (width, rule)
  }

  /// - Parameters:
  ///   - x: `[batch, queries, width]`.
  ///   - context: `[batch, keys, context width]`; `x` itself if nil.
  ///   - mask: `[batch, keys]`, 1 where a key may be attended to.
  /// - Returns: `[batch, queries, width]`.
  public func callAsFunction(
    _ x: Tensor, context: Tensor? = nil, mask: Tensor? = nil, causal: Bool = false, on tape: Tape
  ) -> Tensor {
    let keys = context ?? x
    let heads = rule.heads(tokens: keys.shape[1], width: width)
    let attended = tape.attention(
      query(x, on: tape), key(keys, on: tape), value(keys, on: tape), heads: heads, keyMask: mask,
      causal: causal)
    return out(attended, on: tape)
  }

  /// How much each query attends to each key, averaged over the heads: `[batch, queries, keys]`; for showing
  /// evidence, outside training.
  public func weights(_ x: Tensor, context: Tensor? = nil, mask: Tensor? = nil, on tape: Tape) -> Tensor {
    let keys = context ?? x
    let heads = rule.heads(tokens: keys.shape[1], width: width)
    let all = tape.attentionWeights(query(x, on: tape), key(keys, on: tape), heads: heads, keyMask: mask)
    return tape.mean(all, axis: 1, keep: false)
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try query.walk("\(prefix).query", &visitor)
    try key.walk("\(prefix).key", &visitor)
    try value.walk("\(prefix).value", &visitor)
    try out.walk("\(prefix).out", &visitor)
  }
}
