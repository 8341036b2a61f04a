import Layers
import Tensors

/// The towers that benchmarks run: the same work as their PyTorch counterpart.
///
/// Vision: image to patches by a convolution, then blocks; text: embedded tokens, then blocks. Both: learned positions,
/// pre-norm blocks with biases, exact GELU, a last norm, mean of the tokens, a map without bias, unit length. A learned
/// temperature and symmetric InfoNCE join them. Sizes: `TowerShape.reference`.
struct ReferenceTowers: Layer {
  /// What names of parameters begin with in a file of weights.
  static let prefix = "towers"

  /// One of the two.
  struct Tower: Layer {
    var position: Tensor  // [1, tokens, width]
    var blocks: [TransformerBlock]
    var norm: LayerNorm
    var project: Linear

    init(tokens: Int, depth: Int, of shape: TowerShape, using rng: inout some RandomNumberGenerator) {
      let width = shape.width
      position = Tensor((0..<tokens * width).map { _ in 0.02 * rng.normal() }, shape: [1, tokens, width])
      blocks = []
      for _ in 0..<depth {
        blocks.append(TransformerBlock(width, hidden: 4 * width, heads: .fixed(shape.heads), using: &rng))
      }
      norm = LayerNorm(width)
      project = Linear(width, to: shape.embedding, bias: false, using: &rng)
    }

    /// - Parameter x: `[batch, tokens, width]`.
    /// - Returns: `[batch, embedding]`, unit length.
    func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
      var unused = SeededGenerator(seed: 0)
      var y = tape.add(x, position)
      for block in blocks { y = block(y, .init(), on: tape, using: &unused) }
      let pooled = tape.mean(norm(y, on: tape), axis: 1, keep: false)
      return tape.l2Normalized(project(pooled, on: tape), epsilon: 1e-12)
    }

    mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
      try visitor.visit("\(prefix).position", &position)
      for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
      try norm.walk("\(prefix).norm", &visitor)
      try project.walk("\(prefix).project", &visitor)
    }
  }

  let shape: TowerShape
  var patches: Convolution
  var tokens: Embedding
  var vision: Tower
  var text: Tower
  var scale: Tensor  // []

  /// Weights as the counterpart draws them: maps and the convolution with their biases uniform in ±1/√in, embedded
  /// tokens normal, positions normal with deviation 0.02.
  init(_ shape: TowerShape, seed: UInt64) {
    var rng = SeededGenerator(seed: seed)
    let (patch, width) = (shape.patch, shape.width)
    self.shape = shape
    patches = Convolution(3, to: width, kernel: (patch, patch), stride: (patch, patch), using: &rng)
    let bound = 1 / Float(3 * patch * patch).squareRoot()
    patches.weight = Tensor(
      (0..<patches.weight.count).map { _ in rng.uniform(-bound, bound) }, shape: patches.weight.shape)
    tokens = Embedding(shape.vocabulary, width: width, using: &rng)
    tokens.weight = Tensor((0..<tokens.weight.count).map { _ in rng.normal() }, shape: tokens.weight.shape)
    vision = Tower(tokens: shape.patches, depth: shape.visionDepth, of: shape, using: &rng)
    text = Tower(tokens: shape.textTokens, depth: shape.textDepth, of: shape, using: &rng)
    scale = Tensor.scalar(2.659)
    var biases = BiasDraw(rng: rng)
    // Drawing throws nothing.
    try? walk(Self.prefix, &biases)
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

  /// - Parameter images: `[batch, side, side, 3]`.
  func images(_ images: Tensor, on tape: Tape) -> Tensor {
    let grid = patches(images, on: tape)
    return vision(tape.reshape(grid, [grid.shape[0], grid.shape[1] * grid.shape[2], shape.width]), on: tape)
  }

  /// - Parameter ids: as many a text as `shape` says.
  func texts(_ ids: [Int], on tape: Tape) -> Tensor {
    text(tokens(ids, shape: [ids.count / shape.textTokens, shape.textTokens], on: tape), on: tape)
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try patches.walk("\(prefix).patches", &visitor)
    try tokens.walk("\(prefix).tokens", &visitor)
    try vision.walk("\(prefix).vision", &visitor)
    try text.walk("\(prefix).text", &visitor)
    try visitor.visit("\(prefix).scale", &scale)
  }
}

/// Draws the bias that follows a matrix; those of norms, which follow a vector, stay zero.
private struct BiasDraw: ParameterVisitor {
  var rng: SeededGenerator
  var bound: Float?

  mutating func visit(_ name: String, _ tensor: inout Tensor) {
    if tensor.rank > 1 {
      bound = 1 / Float(tensor.count / tensor.shape[0]).squareRoot()
    } else if name.hasSuffix(".bias"), let bound {
      tensor = Tensor((0..<tensor.count).map { _ in rng.uniform(-bound, bound) }, shape: tensor.shape)
    } else {
      bound = nil
    }
  }
}
