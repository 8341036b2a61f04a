import Encoders
import Layers
import Tensors
import Training

/// Tells what `PartHider` hid from what an encoder makes of the rest. It is needed in training only: no bundle
/// keeps it.
public struct MaskedPrediction: Layer {
  /// From a token of an image to the pixels of its place.
  var image: Linear?
  /// From a frame of a clip to the brightness of its places.
  var clip: Linear?
  /// From the summary of a recording to the features of all channels; one a channel set.
  var series: [Linear]

  /// - Parameters:
  ///   - vision, series: shapes of the encoders; nil for none.
  ///   - rng: of the maps' start.
  public init(
    vision: VisionConfiguration?, series: SeriesConfiguration?, using rng: inout some RandomNumberGenerator
  ) {
    if let vision {
      let cell = vision.pixelsPerToken, across = max(1, vision.side / cell)
      image = Linear(vision.width, to: cell * cell * vision.channels, using: &rng)
      clip = Linear(vision.width, to: across * across, using: &rng)
    }
    self.series = []
    guard let series else { return }
    for set in series.sets {
      self.series.append(
        Linear(series.width, to: set.channels.count * SeriesFeatures.count(series), using: &rng))
    }
  }

  /// How far off it is where something was hidden: the Huber loss, summed. Nil where the encoder's tokens are not those
  /// places, or nothing was hidden.
  /// - Parameter encoded: of the inputs in which `hider` hid parts.
  public func term(_ encoded: Encoded, _ stream: Sample.Stream, _ hider: PartHider, on tape: Tape)
    -> LossTerm?
  {
    let predicted: Tensor? =
      switch stream.kind {
      case .image, .views: image?(encoded.tokens, on: tape)
      case .clip: clip?(encoded.tokens, on: tape)
      case .series: series[stream.set](encoded.summary, on: tape)
      }
    let count = hider.weights.reduce(0, +)
    guard let predicted, predicted.count == hider.truth.count, count > 0 else { return nil }
    let mean = tape.huber(
      tape.reshape(predicted, [predicted.count]), target: Tensor(hider.truth, shape: [predicted.count]),
      weights: Tensor(hider.weights, shape: [predicted.count]))
    return LossTerm("masked", sum: tape.scale(mean, by: count), count: count)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try image?.walk("\(prefix).image", &visitor)
    try clip?.walk("\(prefix).clip", &visitor)
    for index in series.indices { try series[index].walk("\(prefix).series.\(index)", &visitor) }
  }
}
