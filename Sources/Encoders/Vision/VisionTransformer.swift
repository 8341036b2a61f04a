import Layers
import Tensors

/// The plain vision transformer (Dosovitskiy et al. 2021): patches and a first token of its own, learned positions
/// of one size of image, pre-norm blocks. A clip is the mean of its frames.
struct VisionTransformer: VisionBody {
  let configuration: VisionConfiguration
  let shape: VisionConfiguration.Transformer
  var patches: Convolution
  var first: Tensor  // [1, 1, width]
  var positions: Tensor  // [1, 1 + rows * columns, width]
  /// Before the first block; of CLIP only.
  var entryNorm: LayerNorm?
  var blocks: [TransformerBlock]
  var norm: LayerNorm

  init(
    _ configuration: VisionConfiguration, _ shape: VisionConfiguration.Transformer,
    using rng: inout some RandomNumberGenerator
  ) {
    (self.configuration, self.shape) = (configuration, shape)
    let (width, patch) = (configuration.width, configuration.pixelsPerToken)
    let places = configuration.side / patch
    patches = Convolution(
      configuration.channels, to: width, kernel: (patch, patch), stride: (patch, patch),
      bias: shape.clip != true, using: &rng)
    first = Tensor(zeros: [1, 1, width])
    let count = 1 + places * places
    positions = Tensor([1, count, width], drawnFrom: &rng) { 0.02 * $0.normal() }
    entryNorm = shape.clip == true ? LayerNorm(width, epsilon: shape.epsilon) : nil
    blocks = []
    for _ in 0..<configuration.depth {
      blocks.append(
        TransformerBlock(
          width, hidden: configuration.hidden, heads: configuration.heads, epsilon: shape.epsilon,
          activation: shape.activation, using: &rng))
    }
    norm = LayerNorm(width, epsilon: shape.epsilon)
  }

  func images(
    _ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    var x = embedded(images, on: tape)
    for block in blocks { x = block(x, .init(dropout: configuration.dropout), on: tape, using: &rng) }
    x = norm(x, on: tape)
    let places = tape.slice(x, axis: 1, from: 1, count: x.shape[1] - 1)
    let summary =
      switch shape.pooling {
      case .mean: tape.mean(places, axis: 1)
      case .first: tape.reshape(tape.slice(x, axis: 1, from: 0, count: 1), [x.shape[0], x.shape[2]])
      }
    return Encoded(tokens: places, summary: summary)
  }

  func clips(
    _ clips: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    tape.stills(of: clips) { images($0, on: tape, using: &rng).summary }
  }

  /// The share of attention that the first token (or, pooling by the mean, all of them) pays to each place in the
  /// last block.
  func evidence(_ images: Tensor, on tape: Tape) -> Tensor {
    var unused = SeededGenerator(seed: 0)
    var x = embedded(images, on: tape)
    for block in blocks.dropLast() { x = block(x, .init(), on: tape, using: &unused) }
    guard let last = blocks.last else {
      let places = x.shape[1] - 1
      return Tensor(repeating: 1 / Float(places), shape: [x.shape[0], places])
    }
    let all = last.attention.weights(last.attentionNorm(x, on: tape), on: tape)
    let asking = shape.pooling == .first ? tape.slice(all, axis: 1, from: 0, count: 1) : all
    let paid = tape.mean(asking, axis: 1)
    let places = tape.slice(paid, axis: 1, from: 1, count: paid.shape[1] - 1)
    return tape.divide(places, tape.sum(places, axis: 1, keep: true))
  }

  private func embedded(_ images: Tensor, on tape: Tape) -> Tensor {
    let grid = patches(images, on: tape)
    let (batch, count, width) = (grid.shape[0], grid.shape[1] * grid.shape[2], configuration.width)
    precondition(
      count + 1 == positions.shape[1],
      "This vision transformer takes images of side \(configuration.side) only.")
    let places = tape.reshape(grid, [batch, count, width])
    let firsts = tape.add(first, Tensor(zeros: [batch, 1, width]))
    let all = tape.add(tape.concatenate([firsts, places], axis: 1), positions)
    return entryNorm.map { $0(all, on: tape) } ?? all
  }

  func rounded() -> any VisionBody {
    var copy = self
    copy.blocks = blocks.map { $0.rounded() }
    return copy
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try patches.walk("\(prefix).patches", &visitor)
    try visitor.visit("\(prefix).first", &first)
    try visitor.visit("\(prefix).positions", &positions)
    try entryNorm?.walk("\(prefix).entryNorm", &visitor)
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try norm.walk("\(prefix).norm", &visitor)
  }
}
