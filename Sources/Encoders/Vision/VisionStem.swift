import Layers
import Tensors

/// Pixels to a grid of tokens.
struct VisionStem: Layer {
  /// One halving of the sides.
  struct Stage: Layer {
    var down: Convolution
    /// None in the first stage: normalising a pixel's few features there would take its brightness away.
    var norm: LayerNorm?
    var blocks: [DepthwiseBlock]

    mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
      try down.walk("\(prefix).down", &visitor)
      try norm?.walk("\(prefix).norm", &visitor)
      for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    }
  }

  /// Empty where patches are mapped directly.
  var stages: [Stage]
  /// To the encoder's width: the patch map, or a 1 x 1 convolution after the stages.
  var project: Convolution

  init(_ configuration: VisionConfiguration, using rng: inout some RandomNumberGenerator) {
    switch configuration.stem {
    case .patches(let size):
      stages = []
      project = Convolution(
        configuration.channels, to: configuration.width, kernel: (size, size), stride: (size, size),
        using: &rng)
    case .convolution(let widths, let blocks):
      stages = []
      var inputs = configuration.channels
      for (width, count) in zip(widths, blocks) {
        stages.append(
          Stage(
            down: Convolution(
              inputs, to: width, kernel: (3, 3), stride: (2, 2), padding: (1, 1), using: &rng),
            norm: stages.isEmpty ? nil : LayerNorm(width),
            blocks: (0..<count).map { _ in DepthwiseBlock(width, using: &rng) }))
        inputs = width
      }
      project = Convolution(inputs, to: configuration.width, kernel: (1, 1), using: &rng)
    }
  }

  /// - Parameter images: `[batch, height, width, channels]`.
  /// - Returns: `[batch, rows, columns, width]`.
  func callAsFunction(_ images: Tensor, on tape: Tape) -> Tensor {
    var x = images
    for stage in stages {
      x = stage.down(x, on: tape)
      if let norm = stage.norm { x = norm(x, on: tape) }
      x = tape.gelu(x)
      for block in stage.blocks { x = block(x, on: tape) }
    }
    return project(x, on: tape)
  }

  /// The feed-forward parts of its stages in 8 bits, for inference; convolutions stay as they are.
  func rounded() -> VisionStem {
    var copy = self
    for stage in stages.indices { copy.stages[stage].blocks = stages[stage].blocks.map { $0.rounded() } }
    return copy
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    for index in stages.indices { try stages[index].walk("\(prefix).stages.\(index)", &visitor) }
    try project.walk("\(prefix).project", &visitor)
  }
}

/// A depthwise 5 x 5 convolution, then a feed-forward part over the channels, added to the input (the block of
/// ConvNeXt, Liu et al. 2022, with a smaller kernel for small pictures).
struct DepthwiseBlock: Layer {
  var spread: Convolution
  var norm: LayerNorm
  var mix: FeedForward

  init(_ width: Int, using rng: inout some RandomNumberGenerator) {
    spread = Convolution(width, to: width, kernel: (5, 5), padding: (2, 2), groups: width, using: &rng)
    norm = LayerNorm(width)
    mix = FeedForward(width, hidden: 2 * width, using: &rng)
  }

  func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.add(x, mix(norm(spread(x, on: tape), on: tape), on: tape))
  }

  func rounded() -> DepthwiseBlock {
    var copy = self
    copy.mix = mix.rounded()
    return copy
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try spread.walk("\(prefix).spread", &visitor)
    try norm.walk("\(prefix).norm", &visitor)
    try mix.walk("\(prefix).mix", &visitor)
  }
}
