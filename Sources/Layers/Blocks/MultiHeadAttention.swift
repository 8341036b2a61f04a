import Tensors

/// Scaled dot-product attention with several heads (Vaswani et al. 2017).
public struct MultiHeadAttention: Layer {
  /// To what each token asks for.
  public var query: any Projection
  /// To what each token is found by.
  public var key: any Projection
  /// To what each token gives.
  public var value: any Projection
  /// From the heads' answers back to the width.
  public var out: any Projection
  /// Of a token.
  public var width: Int
  /// How many heads there are.
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
  ///   - residual: added to the result, of its shape.
  /// - Returns: `[batch, queries, width]`.
  public func callAsFunction(
    _ x: Tensor, context: Tensor? = nil, mask: Tensor? = nil, causal: Bool = false,
    adding residual: Tensor? = nil,
    on tape: Tape
  ) -> Tensor {
    let keys = context ?? x
    let heads = rule.heads(tokens: keys.shape[1], width: width)
    let (q, k, v, coarse) = projected(x, context, on: tape)
    let attended = tape.attention(q, k, v, heads: heads, keyMask: mask, causal: causal, coarse: coarse)
    return residual.map { out(attended, adding: $0, on: tape) } ?? out(attended, on: tape)
  }

  /// Queries, keys and values; whether they are of 8 bits, so that finer products would not pay.
  func projected(
    _ x: Tensor, _ context: Tensor?, on tape: Tape
  ) -> (q: Tensor, k: Tensor, v: Tensor, coarse: Bool) {
    guard let query = query as? Int8Linear, let key = key as? Int8Linear, let value = value as? Int8Linear
    else {
      let keys = context ?? x
      return (query(x, on: tape), key(keys, on: tape), value(keys, on: tape), false)
    }
    if let context {
      let found = tape.linear(context, [key.map, value.map])
      return (tape.linear(x, query.map), found[0], found[1], true)
    }
    let all = tape.linear(x, [query.map, key.map, value.map])
    return (all[0], all[1], all[2], true)
  }

  /// With projections of 8 bits, for inference.
  public func rounded() -> MultiHeadAttention {
    var copy = self
    (copy.query, copy.key) = (query.rounded(), key.rounded())
    (copy.value, copy.out) = (value.rounded(), out.rounded())
    return copy
  }

  /// How much each query attends to each key, averaged over the heads: `[batch, queries, keys]`; for showing
  /// evidence, outside training.
  public func weights(_ x: Tensor, context: Tensor? = nil, mask: Tensor? = nil, on tape: Tape) -> Tensor {
    let keys = context ?? x
    let heads = rule.heads(tokens: keys.shape[1], width: width)
    let all = tape.attentionWeights(query(x, on: tape), key(keys, on: tape), heads: heads, keyMask: mask)
    return tape.mean(all, axis: 1, keep: false)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).query", &query)
    try visitor.visit("\(prefix).key", &key)
    try visitor.visit("\(prefix).value", &value)
    try visitor.visit("\(prefix).out", &out)
  }
}
