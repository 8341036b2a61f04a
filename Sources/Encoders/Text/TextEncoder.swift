import Layers
import Tensors

/// Token ids to tokens: a transformer with learned positions, pooled by the mean of the tokens that are there (or,
/// in some encoders of the BERT family, by the first token, in CLIP's by the last).
public struct TextEncoder: Layer {
  /// Its shape.
  public let configuration: TextConfiguration
  var tokens: Embedding
  var positions: Embedding
  /// Of the BERT family only.
  var types: Embedding?
  var embeddingNorm: LayerNorm?
  var blocks: [TransformerBlock]
  /// Of Braid's own only: blocks that normalise after each part leave nothing to normalise.
  var norm: LayerNorm?

  /// Fresh weights, drawn from `rng`.
  public init(_ configuration: TextConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    tokens = Embedding(configuration.vocabulary, width: configuration.width, using: &rng)
    positions = Embedding(configuration.length, width: configuration.width, using: &rng)
    if let bert = configuration.bert {
      types = bert.types > 0 ? Embedding(bert.types, width: configuration.width, using: &rng) : nil
      embeddingNorm = LayerNorm(configuration.width, epsilon: bert.epsilon)
    }
    // Counted for the longest text: by the padded length a text's embedding would depend on the others of its batch.
    let heads = HeadRule.fixed(
      configuration.heads.heads(tokens: configuration.length, width: configuration.width))
    blocks = []
    let epsilon = configuration.bert?.epsilon ?? configuration.clip?.epsilon ?? 1e-5
    for _ in 0..<configuration.depth {
      blocks.append(
        TransformerBlock(
          configuration.width, hidden: configuration.hidden, heads: heads,
          order: configuration.bert == nil ? .before : .after, epsilon: epsilon,
          activation: configuration.bert?.activation ?? configuration.clip?.activation ?? .gelu, using: &rng))
    }
    norm = configuration.bert == nil ? LayerNorm(configuration.width, epsilon: epsilon) : nil
  }

  /// - Parameter texts: token ids, one array a text; cut at the configured length, and padded to the longest.
  public func callAsFunction(
    _ texts: [[Int]], on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let length = min(configuration.length, max(1, texts.map(\.count).max() ?? 1))
    var ids = [Int](), mask = [Float]()
    for text in texts {
      let kept = text.prefix(length)
      ids += kept + Array(repeating: 0, count: length - kept.count)
      // An empty text keeps one padding token, so that its mean exists.
      mask += (0..<length).map { $0 < max(1, kept.count) ? 1 : 0 }
    }
    let present = Tensor(mask, shape: [texts.count, length])
    let embedded = tokens(ids, shape: [texts.count, length], on: tape)
    var x = tape.add(embedded, positions(Array(0..<length), shape: [length], on: tape))
    if let types { x = tape.add(x, tape.slice(types.weight, axis: 0, from: 0, count: 1)) }
    if let embeddingNorm { x = embeddingNorm(x, on: tape) }
    let options = TransformerBlock.Options(
      mask: present, causal: configuration.clip != nil, dropout: configuration.dropout)
    for block in blocks { x = block(x, options, on: tape, using: &rng) }
    if let norm { x = norm(x, on: tape) }
    return Encoded(tokens: x, mask: present, summary: summary(of: x, present, texts, on: tape))
  }

  /// - Parameters:
  ///   - x: `[texts, tokens, width]`.
  ///   - present: `[texts, tokens]`, 1 where a token is there.
  private func summary(of x: Tensor, _ present: Tensor, _ texts: [[Int]], on tape: Tape) -> Tensor {
    if configuration.clip != nil {
      let length = x.shape[1]
      let last = texts.enumerated().map { $0.offset * length + min(length, max(1, $0.element.count)) - 1 }
      return tape.take(tape.reshape(x, [texts.count * length, configuration.width]), indices: last)
    }
    return switch configuration.bert?.pooling ?? .mean {
    case .mean: tape.maskedMean(x, present)
    case .first:
      tape.reshape(tape.slice(x, axis: 1, from: 0, count: 1), [texts.count, configuration.width])
    }
  }

  /// With the linear maps of its blocks in 8 bits, for inference; nothing trains or saves those.
  public func rounded() -> TextEncoder {
    var copy = self
    copy.blocks = blocks.map { $0.rounded() }
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try tokens.walk("\(prefix).tokens", &visitor)
    try positions.walk("\(prefix).positions", &visitor)
    try types?.walk("\(prefix).types", &visitor)
    try embeddingNorm?.walk("\(prefix).embeddingNorm", &visitor)
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try norm?.walk("\(prefix).norm", &visitor)
  }
}
