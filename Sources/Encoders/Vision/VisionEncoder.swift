import Layers
import Tensors

/// Images and clips to tokens.
public struct VisionEncoder: Layer {
  /// Its shape.
  public let configuration: VisionConfiguration
  var body: any VisionBody

  /// Fresh weights, drawn from `rng`.
  public init(_ configuration: VisionConfiguration, using rng: inout some RandomNumberGenerator) {
    self.configuration = configuration
    if let shape = configuration.transformer {
      body = VisionTransformer(configuration, shape, using: &rng)
    } else if let shape = configuration.inverted {
      body = InvertedResidualNet(configuration, shape, using: &rng)
    } else {
      body = GridEncoder(configuration, using: &rng)
    }
  }

  /// Encodes images; the tokens are the grid's, row-major.
  /// - Parameter images: `[batch, height, width, channels]`, standardised; a vision transformer takes the
  ///   configured side only.
  public func images(
    _ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    body.images(images, on: tape, using: &rng)
  }

  /// Encodes clips; the tokens are one a frame, after attention over time where the encoder has it.
  /// - Parameter clips: `[batch, frames, height, width, channels]`, standardised.
  public func clips(
    _ clips: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    body.clips(clips, on: tape, using: &rng)
  }

  /// Encodes the views of one examination together: the tokens are those of all its pictures, one after the other, so
  /// that whoever attends to places finds them in any view. The order of the views makes no difference to that.
  /// - Parameter views: `[batch, views, height, width, channels]`, standardised.
  public func views(
    _ views: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    body.views(views, on: tape, using: &rng)
  }

  /// How much each place counts in an image's summary: `[batch, rows * columns]`, summing to 1 each.
  public func evidence(_ images: Tensor, on tape: Tape) -> Tensor { body.evidence(images, on: tape) }

  /// With the linear maps of its blocks in 8 bits, for inference; nothing trains or saves those.
  public func rounded() -> VisionEncoder {
    var copy = self
    copy.body = body.rounded()
    return copy
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try body.walk(prefix, &visitor)
  }
}

/// What does the work of a vision encoder; see there for the functions.
protocol VisionBody: Layer {
  func images(_ images: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator) -> Encoded
  func clips(_ clips: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator) -> Encoded
  func views(_ views: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator) -> Encoded
  func evidence(_ images: Tensor, on tape: Tape) -> Tensor
  func rounded() -> any VisionBody
}

extension VisionBody {
  /// The tokens of all views, and the mean of their summaries.
  func views(
    _ views: Tensor, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    let (batch, count) = (views.shape[0], views.shape[1])
    let each = images(tape.flattened(views), on: tape, using: &rng)
    let width = each.summary.shape[1]
    return Encoded(
      tokens: tape.reshape(each.tokens, [batch, count * each.tokens.shape[1], each.tokens.shape[2]]),
      summary: tape.mean(tape.reshape(each.summary, [batch, count, width]), axis: 1))
  }
}

extension Tape {
  /// Pictures of groups, one by one: `[batch * count, height, width, channels]`.
  /// - Parameter groups: `[batch, count, height, width, channels]`.
  func flattened(_ groups: Tensor) -> Tensor {
    reshape(groups, [groups.shape[0] * groups.shape[1]] + Array(groups.shape[2...]))
  }
}
