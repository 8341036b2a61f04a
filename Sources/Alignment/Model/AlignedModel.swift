import Encoders
import Layers
import Tensors
import Training

/// Encoders of all modalities with their maps into one space, and the heads that answer from them.
public struct AlignedModel<Heads: Objective>: Layer {
  /// Of images and clips; nil where none were trained on.
  public var vision: VisionEncoder?
  /// Of recordings; nil where none were trained on.
  public var series: SeriesEncoder?
  /// Of texts; nil where none were trained on.
  public var text: TextEncoder?
  /// Summaries to the shared space, one for each kind of input. None where the summary itself is the place in the
  /// space, as in imported encoders.
  public var imageProjection: Linear?
  /// From the summary of a clip to the shared space.
  public var clipProjection: Linear?
  /// From the summary of a recording to the shared space.
  public var seriesProjection: Linear?
  /// From the summary of a text to the shared space.
  public var textProjection: Linear?
  /// Logarithm of what similarities are multiplied by in the contrastive loss, a scalar.
  public var logScale: Tensor  // []
  /// What is added to similarities in the sigmoid loss, a scalar.
  public var bias: Tensor  // []
  /// What answers from the encoders' outputs.
  public var heads: Heads
  /// Tells what was hidden of inputs, in training only.
  var masked: MaskedPrediction?

  /// - Parameter embedding: width of the shared space.
  public init(
    vision: VisionConfiguration?, series: SeriesConfiguration?, text: TextConfiguration?, embedding: Int,
    heads: Heads, using rng: inout some RandomNumberGenerator
  ) {
    self.vision = vision.map { VisionEncoder($0, using: &rng) }
    self.series = series.map { SeriesEncoder($0, using: &rng) }
    self.text = text.map { TextEncoder($0, using: &rng) }
    let projected = vision.flatMap { $0.isForeign && $0.width == embedding ? nil : $0 }
    imageProjection = projected.map { Linear($0.width, to: embedding, bias: false, using: &rng) }
    clipProjection = projected.map { Linear($0.width, to: embedding, bias: false, using: &rng) }
    seriesProjection = series.map { Linear($0.width, to: embedding, bias: false, using: &rng) }
    let worded = text.flatMap { $0.bert != nil && $0.width == embedding ? nil : $0 }
    textProjection = worded.map { Linear($0.width, to: embedding, bias: false, using: &rng) }
    // 1 / 0.07 and -10: the starting points of Radford et al. 2021 and Zhai et al. 2023.
    logScale = Tensor.scalar(2.659)
    bias = Tensor.scalar(-10)
    self.heads = heads
  }

  /// Tokens and summary of inputs of one kind.
  public func encode(
    _ batch: InputBatch, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Encoded {
    switch batch {
    case .images(let images):
      guard let vision else { preconditionFailure("images for a model without vision") }
      return vision.images(images, on: tape, using: &rng)
    case .views(let views):
      guard let vision else { preconditionFailure("views for a model without vision") }
      return vision.views(views, on: tape, using: &rng)
    case .clips(let clips):
      guard let vision else { preconditionFailure("clips for a model without vision") }
      return vision.clips(clips, on: tape, using: &rng)
    case .series(let features, let set):
      guard let series else { preconditionFailure("series for a model without series") }
      return series(features, set: set, on: tape, using: &rng)
    }
  }

  /// The place of inputs in the shared space: `[batch, embedding]`, unit length.
  public func embed(_ encoded: Encoded, kind: SampleInput.Kind, on tape: Tape) -> Tensor {
    let projection =
      switch kind {
      case .image, .views: imageProjection
      case .clip: clipProjection
      case .series: seriesProjection
      }
    let place = projection.map { $0(encoded.summary, on: tape) } ?? encoded.summary
    return tape.l2Normalized(place, epsilon: 1e-6)
  }

  /// The place of texts in the shared space: `[texts, embedding]`, unit length.
  public func embed(
    texts: [[Int]], on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    guard let text else { preconditionFailure("texts for a model without text") }
    return embed(textSummaries: text(texts, on: tape, using: &rng).summary, on: tape)
  }

  /// The place of texts in the shared space, from the summaries that the text encoder makes of them.
  func embed(textSummaries summaries: Tensor, on tape: Tape) -> Tensor {
    let place = textProjection.map { $0(summaries, on: tape) } ?? summaries
    return tape.l2Normalized(place, epsilon: 1e-6)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try vision?.walk("\(prefix)vision", &visitor)
    try series?.walk("\(prefix)series", &visitor)
    try text?.walk("\(prefix)text", &visitor)
    try imageProjection?.walk("\(prefix)projection.image", &visitor)
    try clipProjection?.walk("\(prefix)projection.clip", &visitor)
    try seriesProjection?.walk("\(prefix)projection.series", &visitor)
    try textProjection?.walk("\(prefix)projection.text", &visitor)
    try visitor.visit("\(prefix)contrast.logScale", &logScale)
    try visitor.visit("\(prefix)contrast.bias", &bias)
    try heads.walk("\(prefix)heads", &visitor)
    try masked?.walk("\(prefix)masked", &visitor)
  }
}

/// A batch of inputs of one kind, as tensors.
public enum InputBatch: Sendable {
  /// `[batch, side, side, channels]`
  case images(Tensor)
  /// `[batch, views, side, side, channels]`
  case views(Tensor)
  /// `[batch, frames, side, side, channels]`
  case clips(Tensor)
  /// `[batch, channel, feature]` and the channel set.
  case series(Tensor, set: Int)
}
