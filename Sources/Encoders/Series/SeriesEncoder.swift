import Layers
import Tensors

/// Windows of sensor readings to tokens, one a channel, and a summary.
///
/// Two ways lead to the summary, and their results are added: a residual network over the statistics of all
/// channels together, which tells operating states apart with few examples, and attention over the channels'
/// tokens, which sees the course and the spectrum of each and does not mind missing channels.
public struct SeriesEncoder: Layer {
  public let configuration: SeriesConfiguration
  var wide: [Linear]  // one a channel set: its channels and their order are its own
  var blocks: [ResidualBlock]
  var wideNorm: LayerNorm
  var describe: Linear
  var identities: [Embedding]  // one a channel set
  var mix: ResidualBlock
  var transformer: [TransformerBlock]
  var norm: LayerNorm
  var pool: AttentionPool

  public init(_ configuration: SeriesConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    let width = configuration.width
    let features = SeriesFeatures.count(configuration)
    let chosen = SeriesEncoder.wideFeatures(configuration)
    wide = []
    identities = []
    for set in configuration.sets {
      wide.append(Linear(set.channels.count * chosen.count, to: width, using: &rng))
      identities.append(Embedding(set.channels.count, width: width, using: &rng))
    }
    func block(_ rng: inout some RandomNumberGenerator) -> ResidualBlock {
      ResidualBlock(width, hidden: configuration.hidden, dropout: configuration.dropout, using: &rng)
    }
    blocks = []
    for _ in 0..<configuration.blocks { blocks.append(block(&rng)) }
    wideNorm = LayerNorm(width)
    describe = Linear(features, to: width, using: &rng)
    mix = block(&rng)
    transformer = []
    for _ in 0..<configuration.depth {
      transformer.append(
        TransformerBlock(width, hidden: configuration.hidden, heads: configuration.heads, using: &rng))
    }
    norm = LayerNorm(width)
    pool = AttentionPool(width, heads: configuration.heads, using: &rng)
  }

  /// The features that the residual network takes: all but the course, which it would learn by heart.
  static func wideFeatures(_ configuration: SeriesConfiguration) -> [Int] {
    Array(0..<SeriesFeatures.statistics)
      + (SeriesFeatures.statistics + configuration.points..<SeriesFeatures.count(configuration))
  }

  /// - Parameters:
  ///   - x: `[batch, channel, feature]`, as `SeriesFeatures` gives them.
  ///   - set: the channel set that the channels follow.
  public func callAsFunction(
    _ x: Tensor, set: Int, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let (batch, channels) = (x.shape[0], x.shape[1])
    let statistics = SeriesFeatures.statistics
    let kept = tape.concatenate(
      [
        tape.slice(x, axis: 2, from: 0, count: statistics),
        tape.slice(
          x, axis: 2, from: statistics + configuration.points,
          count: x.shape[2] - statistics - configuration.points),
      ], axis: 2)
    var summary = tape.reshape(kept, [batch, channels * kept.shape[2]])
    summary = wide[set](tape.dropout(summary, rate: configuration.inputDropout, using: &rng), on: tape)
    for block in blocks { summary = block(summary, on: tape, using: &rng) }
    summary = wideNorm(summary, on: tape)

    let flag = tape.slice(x, axis: 2, from: x.shape[2] - 1, count: 1)
    let mask = tape.detached(tape.reshape(flag, [batch, channels]))
    var tokens = describe(tape.dropout(x, rate: configuration.inputDropout / 2, using: &rng), on: tape)
    tokens = tape.add(tokens, identities[set].weight)
    tokens = mix(tokens, on: tape, using: &rng)
    for block in transformer {
      tokens = block(tokens, .init(mask: mask, dropout: configuration.dropout), on: tape, using: &rng)
    }
    tokens = norm(tokens, on: tape)
    return Encoded(
      tokens: tokens, mask: mask, summary: tape.add(summary, pool(tokens, mask: mask, on: tape)))
  }

  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    for index in wide.indices {
      try wide[index].walk("\(prefix).wide.\(index)", &visitor)
      try identities[index].walk("\(prefix).identities.\(index)", &visitor)
    }
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try wideNorm.walk("\(prefix).wideNorm", &visitor)
    try describe.walk("\(prefix).describe", &visitor)
    try mix.walk("\(prefix).mix", &visitor)
    for index in transformer.indices { try transformer[index].walk("\(prefix).transformer.\(index)", &visitor) }
    try norm.walk("\(prefix).norm", &visitor)
    try pool.walk("\(prefix).pool", &visitor)
  }
}
