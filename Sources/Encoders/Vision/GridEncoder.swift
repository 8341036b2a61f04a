import Layers
import Tensors

/// Braid's own vision encoder: a stem, transformer blocks over places, and for clips blocks over time.
struct GridEncoder: VisionBody {
  let configuration: VisionConfiguration
  var stem: VisionStem
  var position: Linear  // from fixed features of the place
  var blocks: [TransformerBlock]
  var norm: LayerNorm
  var pool: AttentionPool
  var time: Linear
  var temporal: [TransformerBlock]
  var timePool: AttentionPool

  init(_ configuration: VisionConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    let width = configuration.width
    func block(_ rng: inout some RandomNumberGenerator) -> TransformerBlock {
      TransformerBlock(width, hidden: configuration.hidden, heads: configuration.heads, using: &rng)
    }
    stem = VisionStem(configuration, using: &rng)
    position = Linear(width, to: width, bias: false, using: &rng)
    blocks = []
    for _ in 0..<configuration.depth { blocks.append(block(&rng)) }
    norm = LayerNorm(width)
    pool = AttentionPool(width, heads: configuration.heads, using: &rng)
    time = Linear(width, to: width, bias: false, using: &rng)
    temporal = []
    for _ in 0..<configuration.temporalDepth { temporal.append(block(&rng)) }
    timePool = AttentionPool(width, heads: configuration.heads, using: &rng)
  }

  func images(
    _ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let tokens = places(images, on: tape, using: &rng)
    return Encoded(tokens: tokens, summary: pool(tokens, on: tape))
  }

  func clips(
    _ clips: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let (batch, frames) = (clips.shape[0], clips.shape[1])
    let tokens = places(tape.flattened(clips), on: tape, using: &rng)
    let stills = tape.reshape(pool(tokens, on: tape), [batch, frames, configuration.width])
    let places = SinusoidalPosition.line(frames, features: configuration.width)
    var x = tape.add(stills, time(places, on: tape))
    for block in temporal { x = block(x, .init(dropout: configuration.dropout), on: tape, using: &rng) }
    return Encoded(tokens: x, summary: timePool(x, on: tape))
  }

  /// One query pools the places of all views, so that the view that shows most has most to say.
  func views(
    _ views: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let each = places(tape.flattened(views), on: tape, using: &rng)
    let all = tape.reshape(
      each, [views.shape[0], views.shape[1] * each.shape[1], configuration.width])
    return Encoded(tokens: all, summary: pool(all, on: tape))
  }

  func evidence(_ images: Tensor, on tape: Tape) -> Tensor {
    var unused = SeededGenerator(seed: 0)
    return pool.weights(places(images, on: tape, using: &unused), on: tape)
  }

  private func places(
    _ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let grid = stem(images, on: tape)
    let (rows, columns) = (grid.shape[1], grid.shape[2])
    let features = SinusoidalPosition.grid(height: rows, width: columns, features: configuration.width)
    var x = tape.reshape(grid, [grid.shape[0], rows * columns, configuration.width])
    x = tape.add(x, position(features, on: tape))
    for block in blocks { x = block(x, .init(dropout: configuration.dropout), on: tape, using: &rng) }
    return norm(x, on: tape)
  }

  func rounded() -> any VisionBody {
    var copy = self
    copy.stem = stem.rounded()
    (copy.blocks, copy.temporal) = (blocks.map { $0.rounded() }, temporal.map { $0.rounded() })
    return copy
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try stem.walk("\(prefix).stem", &visitor)
    try position.walk("\(prefix).position", &visitor)
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try norm.walk("\(prefix).norm", &visitor)
    try pool.walk("\(prefix).pool", &visitor)
    try time.walk("\(prefix).time", &visitor)
    for index in temporal.indices { try temporal[index].walk("\(prefix).temporal.\(index)", &visitor) }
    try timePool.walk("\(prefix).timePool", &visitor)
  }
}
