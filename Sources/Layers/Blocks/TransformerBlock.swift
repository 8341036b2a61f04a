import Tensors

/// Attention and a feed-forward part, each on normalised input and added to what came in (pre-norm), or each
/// added to its input and the sum normalised (post-norm). With a context, attention to it stands between the two
/// (the decoder of Vaswani et al. 2017).
public struct TransformerBlock: Layer {
  /// What a forward pass needs to know beside its input.
  public struct Options: Sendable {
    /// `[batch, tokens]`, 1 where a token is there.
    public var mask: Tensor?
    /// Each token attends to itself and those before it only.
    public var causal = false
    /// `[batch, keys, context width]` and its mask.
    public var context: Tensor?
    /// `[batch, context tokens]`, 1 where a token is there; nil: all are.
    public var contextMask: Tensor?
    /// Share of values dropped from what each part adds, in training.
    public var dropout: Float = 0

    /// Attention of every token to every other, without a context, by default.
    public init(
      mask: Tensor? = nil, causal: Bool = false, context: Tensor? = nil, contextMask: Tensor? = nil,
      dropout: Float = 0
    ) {
      (self.mask, self.causal, self.context) = (mask, causal, context)
      (self.contextMask, self.dropout) = (contextMask, dropout)
    }
  }

  /// Where the normalisation of a part stands; the parameters are the same.
  public enum NormOrder: Sendable {
    /// On what goes into the part (Xiong et al. 2020).
    case before
    /// On the sum of the part and its input, as in the first transformers (Vaswani et al. 2017).
    case after
  }

  /// Of the attention among the tokens.
  public var attentionNorm: LayerNorm
  /// Among the tokens themselves.
  public var attention: MultiHeadAttention
  /// Of the attention to the context; nil without one.
  public var contextNorm: LayerNorm?
  /// To tokens of another encoder; nil without a context.
  public var contextAttention: MultiHeadAttention?
  /// Of the feed-forward part.
  public var feedForwardNorm: LayerNorm
  /// For every token alone.
  public var feedForward: FeedForward
  /// Whether parts are normalised before or after.
  public let order: NormOrder

  /// - Parameters:
  ///   - context: width of the context; without one the block has no attention to a context.
  ///   - epsilon: of every normalisation.
  public init(
    _ width: Int, hidden: Int, heads: HeadRule, context: Int? = nil, order: NormOrder = .before,
    epsilon: Float = 1e-5, activation: Activation = .gelu, using rng: inout some RandomNumberGenerator
  ) {
    self.order = order
    attentionNorm = LayerNorm(width, epsilon: epsilon)
    attention = MultiHeadAttention(width, heads: heads, using: &rng)
    contextNorm = context.map { _ in LayerNorm(width, epsilon: epsilon) }
    contextAttention = context.map { MultiHeadAttention(width, context: $0, heads: heads, using: &rng) }
    feedForwardNorm = LayerNorm(width, epsilon: epsilon)
    feedForward = FeedForward(width, hidden: hidden, activation: activation, using: &rng)
  }

  /// - Parameter x: `[batch, tokens, width]`.
  public func callAsFunction(
    _ x: Tensor, _ options: Options, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let drops = options.dropout > 0 && tape.mode == .training
    // Without dropout a part adds its input by itself, where that saves a pass.
    func finish(_ part: Tensor, _ sum: Tensor, _ rng: inout some RandomNumberGenerator) -> Tensor {
      drops ? tape.add(sum, tape.dropout(part, rate: options.dropout, using: &rng)) : part
    }
    func enter(_ x: Tensor, _ norm: LayerNorm) -> Tensor { order == .before ? norm(x, on: tape) : x }
    func leave(_ x: Tensor, _ norm: LayerNorm) -> Tensor { order == .after ? norm(x, on: tape) : x }
    let attended = attention(
      enter(x, attentionNorm), mask: options.mask, causal: options.causal, adding: drops ? nil : x, on: tape)
    var sum = leave(finish(attended, x, &rng), attentionNorm)
    if let contextNorm, let contextAttention, let context = options.context {
      let found = contextAttention(
        enter(sum, contextNorm), context: context, mask: options.contextMask, adding: drops ? nil : sum,
        on: tape)
      sum = leave(finish(found, sum, &rng), contextNorm)
    }
    let fed = feedForward(enter(sum, feedForwardNorm), adding: drops ? nil : sum, on: tape)
    return leave(finish(fed, sum, &rng), feedForwardNorm)
  }

  /// With projections of 8 bits, for inference on an f32 tape; normalisation and softmax stay in f32.
  public func rounded() -> TransformerBlock {
    var copy = self
    (copy.attention, copy.contextAttention) = (attention.rounded(), contextAttention?.rounded())
    copy.feedForward = feedForward.rounded()
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try attentionNorm.walk("\(prefix).attentionNorm", &visitor)
    try attention.walk("\(prefix).attention", &visitor)
    try contextNorm?.walk("\(prefix).contextNorm", &visitor)
    try contextAttention?.walk("\(prefix).contextAttention", &visitor)
    try feedForwardNorm.walk("\(prefix).feedForwardNorm", &visitor)
    try feedForward.walk("\(prefix).feedForward", &visitor)
  }
}
