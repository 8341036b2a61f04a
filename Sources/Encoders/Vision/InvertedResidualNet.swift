import Layers
import Tensors

/// A net of inverted residuals (Sandler et al. 2018) in the shapes of EfficientNet-Lite (Tan and Le 2019, without
/// squeeze and excite): convolutions, each with its batch normalisation folded in, and ReLU6. A clip is the mean of
/// its frames.
struct InvertedResidualNet: VisionBody {
  /// Widen, look around in every channel by itself, narrow.
  struct Block: Layer {
    /// None where nothing is widened.
    var expand: Convolution?
    var spread: Convolution
    var contract: Convolution
    /// Whether the input is added: same size, same width.
    var isResidual: Bool

    init(
      _ inputs: Int, to outputs: Int, kernel: Int, stride: Int, expansion: Int,
      using rng: inout some RandomNumberGenerator
    ) {
      let wide = inputs * expansion
      expand = expansion == 1 ? nil : Convolution(inputs, to: wide, kernel: (1, 1), using: &rng)
      spread = Convolution(
        wide, to: wide, kernel: (kernel, kernel), stride: (stride, stride), groups: wide, using: &rng)
      contract = Convolution(wide, to: outputs, kernel: (1, 1), using: &rng)
      isResidual = stride == 1 && inputs == outputs
    }

    func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
      let wide = expand.map { tape.relu6($0(x, on: tape)) } ?? x
      let narrow = contract(tape.relu6(spread.same(wide, on: tape)), on: tape)
      return isResidual ? tape.add(narrow, x) : narrow
    }

    mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
      try expand?.walk("\(prefix).expand", &visitor)
      try spread.walk("\(prefix).spread", &visitor)
      try contract.walk("\(prefix).contract", &visitor)
    }
  }

  let configuration: VisionConfiguration
  var stem: Convolution
  var stages: [[Block]]
  var head: Convolution

  init(
    _ configuration: VisionConfiguration, _ shape: VisionConfiguration.InvertedResiduals,
    using rng: inout some RandomNumberGenerator
  ) {
    self.configuration = configuration
    stem = Convolution(
      configuration.channels, to: shape.stem, kernel: (3, 3), stride: (2, 2), using: &rng)
    stages = []
    var width = shape.stem
    for stage in shape.stages {
      var blocks: [Block] = []
      for index in 0..<stage.repeats {
        blocks.append(
          Block(
            width, to: stage.width, kernel: stage.kernel, stride: index == 0 ? stage.stride : 1,
            expansion: stage.expansion, using: &rng))
        width = stage.width
      }
      stages.append(blocks)
    }
    head = Convolution(width, to: configuration.width, kernel: (1, 1), using: &rng)
  }

  func images(
    _ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let tokens = places(images, on: tape)
    return Encoded(tokens: tokens, summary: tape.mean(tokens, axis: 1))
  }

  func clips(
    _ clips: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    tape.stills(of: clips) { images($0, on: tape, using: &rng).summary }
  }

  /// The share of each place in the sum of all activations, of which the summary is the mean.
  func evidence(_ images: Tensor, on tape: Tape) -> Tensor {
    // Activations are never below 0; the little that is added keeps a black picture from a division by nothing.
    let sums = tape.addScalar(tape.sum(places(images, on: tape), axis: 2), 1e-6)
    return tape.divide(sums, tape.sum(sums, axis: 1, keep: true))
  }

  private func places(_ images: Tensor, on tape: Tape) -> Tensor {
    var x = tape.relu6(stem.same(images, on: tape))
    for blocks in stages { for block in blocks { x = block(x, on: tape) } }
    x = tape.relu6(head(x, on: tape))
    return tape.reshape(x, [x.shape[0], x.shape[1] * x.shape[2], configuration.width])
  }

  /// Itself: convolutions stay as they are.
  func rounded() -> any VisionBody { self }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try stem.walk("\(prefix).stem", &visitor)
    for stage in stages.indices {
      for block in stages[stage].indices {
        try stages[stage][block].walk("\(prefix).stages.\(stage).\(block)", &visitor)
      }
    }
    try head.walk("\(prefix).head", &visitor)
  }
}

extension Convolution {
  /// With zeros around the input such that the result has 1/stride of its sides, rounded up; where their number is
  /// odd, one more stands below and to the right (the padding "SAME" of TensorFlow).
  fileprivate func same(_ x: Tensor, on tape: Tape) -> Tensor {
    func zeros(_ size: Int, _ kernel: Int, _ stride: Int) -> Int {
      max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size)
    }
    let rows = zeros(x.shape[1], weight.shape[1], stride.0)
    let columns = zeros(x.shape[2], weight.shape[2], stride.1)
    var (copy, padded) = (self, x)
    if rows % 2 == 1 {
      let row = [x.shape[0], 1, x.shape[2], x.shape[3]]
      padded = tape.concatenate([padded, Tensor(zeros: row)], axis: 1)
    }
    if columns % 2 == 1 {
      let column = [x.shape[0], padded.shape[1], 1, x.shape[3]]
      padded = tape.concatenate([padded, Tensor(zeros: column)], axis: 2)
    }
    copy.padding = (rows / 2, columns / 2)
    return copy(padded, on: tape)
  }
}

extension Tape {
  /// 0 below 0, 6 above 6 (Krizhevsky 2010).
  fileprivate func relu6(_ x: Tensor) -> Tensor {
    subtract(relu(x), relu(addScalar(x, -6)))
  }
}
