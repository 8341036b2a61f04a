import Layers
import Tensors

/// The towers that benchmarks run: the same work as their PyTorch counterpart.
///
/// Vision: image 224 x 224 x 3, patch 16, width 192, 12 blocks, 3 heads, hidden 768. Text: 64 tokens of a
/// vocabulary of 8192, width 192, 4 blocks, 3 heads, hidden 768. Both: learned positions, pre-norm, GELU, mean
/// of the tokens, a map to 256 without bias, unit length, a learned temperature, symmetric InfoNCE.
struct ReferenceTowers: Layer {
  static let side = 224, patch = 16, width = 192, heads = 3, embedding = 256
  static let textTokens = 64, vocabulary = 8192

  /// One of the two.
  struct Tower: Layer {
    var position: Tensor  // [1, tokens, width]
    var blocks: [TransformerBlock]
    var norm: LayerNorm
    var project: Linear

    init(tokens: Int, depth: Int, using rng: inout some RandomNumberGenerator) {
      let width = ReferenceTowers.width
      position = Tensor((0..<tokens * width).map { _ in 0.02 * rng.normal() }, shape: [1, tokens, width])
      blocks = []
      for _ in 0..<depth {
        blocks.append(
          TransformerBlock(width, hidden: 4 * width, heads: .fixed(ReferenceTowers.heads), using: &rng))
      }
      norm = LayerNorm(width)
      project = Linear(width, to: ReferenceTowers.embedding, bias: false, using: &rng)
    }

    /// - Parameter x: `[batch, tokens, width]`.
    /// - Returns: `[batch, embedding]`, unit length.
    func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
      var unused = SeededGenerator(seed: 0)
      var y = tape.add(x, position)
      for block in blocks { y = block(y, .init(), on: tape, using: &unused) }
      let pooled = tape.mean(norm(y, on: tape), axis: 1, keep: false)
      return tape.l2Normalized(project(pooled, on: tape), epsilon: 1e-6)
    }

    mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
      try visitor.visit("\(prefix).position", &position)
      for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
      try norm.walk("\(prefix).norm", &visitor)
      try project.walk("\(prefix).project", &visitor)
    }
  }

  var patches: Convolution
  var tokens: Embedding
  var vision: Tower
  var text: Tower
  var scale: Tensor  // []

  init(seed: UInt64) {
    var rng = SeededGenerator(seed: seed)
    let (patch, width) = (ReferenceTowers.patch, ReferenceTowers.width)
    patches = Convolution(3, to: width, kernel: (patch, patch), stride: (patch, patch), using: &rng)
    tokens = Embedding(ReferenceTowers.vocabulary, width: width, using: &rng)
    let grid = ReferenceTowers.side / patch
    vision = Tower(tokens: grid * grid, depth: 12, using: &rng)
    text = Tower(tokens: ReferenceTowers.textTokens, depth: 4, using: &rng)
    scale = Tensor.scalar(2.659)
  }

  /// The vision tower's blocks with weights of 8 bits; patches, norms and the last map stay f32.
  func rounded() -> ReferenceTowers {
    var copy = self
    copy.vision.blocks = vision.blocks.map { $0.rounded() }
    return copy
  }

  /// Bytes of the vision tower's weights: linear maps of 8 bits as they are kept, all else as `type`.
  func visionBytes(_ type: ElementType) -> Double {
    let plain = (patches.parameters("") + vision.parameters("")).reduce(0) { $0 + $1.tensor.count }
    let maps = vision.blocks.flatMap { block in
      [block.attention.query, block.attention.key, block.attention.value, block.attention.out]
        + [block.feedForward.expand, block.feedForward.contract]
    }
    return Double(plain * type.size + maps.reduce(0) { $0 + (($1 as? Int8Linear)?.map.bytes ?? 0) })
  }

  /// - Parameter images: `[batch, 224, 224, 3]`.
  func images(_ images: Tensor, on tape: Tape) -> Tensor {
    let grid = patches(images, on: tape)
    return vision(
      tape.reshape(grid, [grid.shape[0], grid.shape[1] * grid.shape[2], ReferenceTowers.width]), on: tape)
  }

  /// - Parameter ids: 64 a text.
  func texts(_ ids: [Int], on tape: Tape) -> Tensor {
    let count = ids.count / ReferenceTowers.textTokens
    return text(tokens(ids, shape: [count, ReferenceTowers.textTokens], on: tape), on: tape)
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try patches.walk("\(prefix).patches", &visitor)
    try tokens.walk("\(prefix).tokens", &visitor)
    try vision.walk("\(prefix).vision", &visitor)
    try text.walk("\(prefix).text", &visitor)
    try visitor.visit("\(prefix).scale", &scale)
  }
}
