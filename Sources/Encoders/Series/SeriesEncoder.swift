import Layers
import Tensors

/// Windows of sensor readings to tokens, one a channel, and a summary.
///
/// A channel is read as statistics, course and spectrum, as responses of convolutions, or as both, as the
/// configuration says; all of it belongs to that channel alone.
///
/// Two ways lead to the summary, and their results are added: a residual network over the statistics of all
/// channels together, which tells operating states apart with few examples, and attention over the channels'
/// tokens (after Liu et al. 2024, "iTransformer"), which sees the course and the spectrum of each and follows
/// slow change better.
public struct SeriesEncoder: Layer {
  /// Its shape.
  public let configuration: SeriesConfiguration
  var wide: [Linear]  // one a channel set: its channels and their order are its own
  var blocks: [ResidualBlock]
  var wideNorm: LayerNorm
  var describe: Linear
  var identities: [Embedding]  // one a channel set
  var mix: ResidualBlock
  var transformer: [TransformerBlock]
  var norm: LayerNorm
  var condense: Linear  // a token to the few values that go into the summary
  var join: [Linear]  // one a channel set

  /// Values that each token adds to the summary.
  private static let condensed = 8

  /// Fresh weights, drawn from `rng`.
  public init(_ configuration: SeriesConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    let (width, tokenWidth) = (configuration.width, configuration.tokenWidth)
    let features = SeriesEncoder.read(configuration).count
    let wideFeatures = SeriesEncoder.wide(configuration).reduce(0) { $0 + $1.count }
    wide = []
    identities = []
    join = []
    for set in configuration.sets {
      let channels = set.channels.count
      wide.append(Linear(channels * wideFeatures, to: width, using: &rng))
      identities.append(Embedding(channels, width: tokenWidth, using: &rng))
      join.append(Linear(channels * SeriesEncoder.condensed, to: width, using: &rng))
    }
    blocks = []
    for _ in 0..<configuration.blocks {
      blocks.append(
        ResidualBlock(width, hidden: configuration.hidden, dropout: configuration.dropout, using: &rng))
    }
    wideNorm = LayerNorm(width)
    describe = Linear(features, to: tokenWidth, using: &rng)
    mix = ResidualBlock(tokenWidth, hidden: 2 * tokenWidth, dropout: configuration.dropout, using: &rng)
    transformer = []
    for _ in 0..<configuration.depth {
      transformer.append(
        TransformerBlock(tokenWidth, hidden: 2 * tokenWidth, heads: configuration.heads, using: &rng))
    }
    norm = LayerNorm(tokenWidth)
    condense = Linear(tokenWidth, to: SeriesEncoder.condensed, using: &rng)
  }

  /// - Parameters:
  ///   - x: `[batch, channel, feature]`, as `SeriesFeatures` gives them.
  ///   - set: the channel set that the channels follow.
  /// - Returns: tokens `[batch, channel, token width]`, missing channels masked, and the summary
  ///   `[batch, width]`.
  public func callAsFunction(
    _ x: Tensor, set: Int, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let (batch, channels, features) = (x.shape[0], x.shape[1], x.shape[2])
    let flag = tape.slice(x, axis: 2, from: features - 1, count: 1)
    let mask = tape.detached(tape.reshape(flag, [batch, channels]))
    let tokens = tokens(x, set: set, mask: mask, on: tape, using: &rng)
    var parts: [Tensor] = []
    if configuration.blocks > 0 { parts.append(statistics(x, set: set, on: tape, using: &rng)) }
    if configuration.depth > 0 {
      let few = tape.multiply(condense(tokens, on: tape), tape.reshape(mask, [batch, channels, 1]))
      let flat = tape.reshape(few, [batch, channels * SeriesEncoder.condensed])
      parts.append(join[set](flat, on: tape, activation: .gelu))
    }
    let summary = parts.count == 2 ? tape.add(parts[0], parts[1]) : parts[0]
    return Encoded(tokens: tokens, mask: mask, summary: summary)
  }

  /// Values of a channel that are read at all.
  private static func read(_ configuration: SeriesConfiguration) -> Range<Int> {
    let all = SeriesFeatures.count(configuration)
    return configuration.encoder == .kernels
      ? SeriesFeatures.responses(configuration).lowerBound..<all : 0..<all
  }

  /// Those that the way over the statistics reads.
  private static func wide(_ configuration: SeriesConfiguration) -> [Range<Int>] {
    let all = read(configuration)
    guard configuration.encoder != .kernels else { return [all] }
    let head = SeriesFeatures.statistics
    return [0..<head, head + configuration.points..<all.upperBound]
  }

  /// The way over the statistics; the course is left out, which it would learn by heart.
  private func statistics(
    _ x: Tensor, set: Int, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let parts = SeriesEncoder.wide(configuration).map {
      tape.slice(x, axis: 2, from: $0.lowerBound, count: $0.count)
    }
    let kept = parts.count == 1 ? parts[0] : tape.concatenate(parts, axis: 2)
    let flat = tape.reshape(kept, [x.shape[0], x.shape[1] * kept.shape[2]])
    var y = wide[set](tape.dropout(flat, rate: configuration.inputDropout, using: &rng), on: tape)
    for block in blocks { y = block(y, on: tape, using: &rng) }
    return wideNorm(y, on: tape)
  }

  private func tokens(
    _ x: Tensor, set: Int, mask: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let range = SeriesEncoder.read(configuration)
    let seen =
      range.count == x.shape[2] ? x : tape.slice(x, axis: 2, from: range.lowerBound, count: range.count)
    var tokens = describe(tape.dropout(seen, rate: configuration.inputDropout / 3, using: &rng), on: tape)
    tokens = mix(tape.add(tokens, identities[set].weight), on: tape, using: &rng)
    for block in transformer {
      tokens = block(tokens, .init(mask: mask, dropout: configuration.dropout), on: tape, using: &rng)
    }
    return norm(tokens, on: tape)
  }

  /// With the linear maps of its blocks in 8 bits, for inference; nothing trains or saves those.
  public func rounded() -> SeriesEncoder {
    var copy = self
    (copy.blocks, copy.mix) = (blocks.map { $0.rounded() }, mix.rounded())
    copy.transformer = transformer.map { $0.rounded() }
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    for index in wide.indices {
      try wide[index].walk("\(prefix).wide.\(index)", &visitor)
      try identities[index].walk("\(prefix).identities.\(index)", &visitor)
      try join[index].walk("\(prefix).join.\(index)", &visitor)
    }
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try wideNorm.walk("\(prefix).wideNorm", &visitor)
    try describe.walk("\(prefix).describe", &visitor)
    try mix.walk("\(prefix).mix", &visitor)
    for index in transformer.indices {
      try transformer[index].walk("\(prefix).transformer.\(index)", &visitor)
    }
    try norm.walk("\(prefix).norm", &visitor)
    try condense.walk("\(prefix).condense", &visitor)
  }
}
