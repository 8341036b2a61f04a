import Tensors

/// Attention and a feed-forward part, each on normalised input and added to what came in (pre-norm). With a
/// context, attention to it stands between the two (the decoder of Vaswani et al. 2017).
public struct TransformerBlock: Layer {
  /// What a forward pass needs to know beside its input.
  public struct Options: Sendable {
    /// `[batch, tokens]`, 1 where a token is there.
    public var mask: Tensor?
    /// Each token attends to itself and those before it only.
    public var causal = false
    /// `[batch, keys, context width]` and its mask.
    public var context: Tensor?
    public var contextMask: Tensor?
    /// Share of values dropped from what each part adds, in training.
    public var dropout: Float = 0

    public init(
      mask: Tensor? = nil, causal: Bool = false, context: Tensor? = nil, contextMask: Tensor? = nil,
      dropout: Float = 0
    ) {
      (self.mask, self.causal, self.context) = (mask, causal, context)
      (self.contextMask, self.dropout) = (contextMask, dropout)
    }
  }

  public var attentionNorm: LayerNorm
  public var attention: MultiHeadAttention
  public var contextNorm: LayerNorm?
  public var contextAttention: MultiHeadAttention?
  public var feedForwardNorm: LayerNorm
  public var feedForward: FeedForward

  /// - Parameter context: width of the context; without one the block has no attention to a context.
  public init(
    _ width: Int, hidden: Int, heads: HeadRule, context: Int? = nil,
    using rng: inout some RandomNumberGenerator
  ) {
    attentionNorm = LayerNorm(width)
    attention = MultiHeadAttention(width, heads: heads, using: &rng)
    contextNorm = context.map { _ in LayerNorm(width) }
    contextAttention = context.map { MultiHeadAttention(width, context: $0, heads: heads, using: &rng) }
    feedForwardNorm = LayerNorm(width)
    feedForward = FeedForward(width, hidden: hidden, using: &rng)
  }

  /// - Parameter x: `[batch, tokens, width]`.
  public func callAsFunction(
    _ x: Tensor, _ options: Options, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    func add(_ part: Tensor, to sum: Tensor, _ rng: inout some RandomNumberGenerator) -> Tensor {
      tape.add(sum, options.dropout > 0 ? tape.dropout(part, rate: options.dropout, using: &rng) : part)
    }
    let attended = attention(
      attentionNorm(x, on: tape), mask: options.mask, causal: options.causal, on: tape)
    var sum = add(attended, to: x, &rng)
    if let contextNorm, let contextAttention, let context = options.context {
      let found = contextAttention(
        contextNorm(sum, on: tape), context: context, mask: options.contextMask, on: tape)
      sum = add(found, to: sum, &rng)
    }
    return add(feedForward(feedForwardNorm(sum, on: tape), on: tape), to: sum, &rng)
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try attentionNorm.walk("\(prefix).attentionNorm", &visitor)
    try attention.walk("\(prefix).attention", &visitor)
    try contextNorm?.walk("\(prefix).contextNorm", &visitor)
    try contextAttention?.walk("\(prefix).contextAttention", &visitor)
    try feedForwardNorm.walk("\(prefix).feedForwardNorm", &visitor)
    try feedForward.walk("\(prefix).feedForward", &visitor)
  }
}
