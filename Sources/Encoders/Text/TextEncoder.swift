import Layers
import Tensors

/// Token ids to tokens: a transformer with learned positions, pooled by the mean of the tokens that are there.
public struct TextEncoder: Layer {
  public let configuration: TextConfiguration
  var tokens: Embedding
  var positions: Embedding
  var blocks: [TransformerBlock]
  var norm: LayerNorm

  public init(_ configuration: TextConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    tokens = Embedding(configuration.vocabulary, width: configuration.width, using: &rng)
    positions = Embedding(configuration.length, width: configuration.width, using: &rng)
    // Counted for the longest text: by the padded length a text's embedding would depend on the others of its batch.
    let heads = HeadRule.fixed(
      configuration.heads.heads(tokens: configuration.length, width: configuration.width))
    blocks = []
    for _ in 0..<configuration.depth {
      blocks.append(
        TransformerBlock(
          configuration.width, hidden: configuration.hidden, heads: heads, using: &rng))
    }
    norm = LayerNorm(configuration.width)
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
    for block in blocks {
      x = block(x, .init(mask: present, dropout: configuration.dropout), on: tape, using: &rng)
    }
    x = norm(x, on: tape)
    return Encoded(tokens: x, mask: present, summary: tape.maskedMean(x, present))
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try tokens.walk("\(prefix).tokens", &visitor)
    try positions.walk("\(prefix).positions", &visitor)
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try norm.walk("\(prefix).norm", &visitor)
  }
}
