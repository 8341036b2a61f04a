import Encoders
import Layers
import Tensors

/// Decoded inputs to the tensors that encoders take.
public struct BatchBuilder: Sendable {
  /// What pictures become; nil where there are none.
  public var vision: VisionConfiguration?
  /// What recordings become; nil where there are none.
  public var series: SeriesConfiguration?
  /// How train inputs are varied.
  public var augmentation: Augmentation
  /// Direction of load in each channel set, where train inputs are moved along it.
  public var loads: [LoadDirection?] = []

  /// - Parameter augmentation: how train inputs are varied; used only where a batch asks for it.
  public init(vision: VisionConfiguration?, series: SeriesConfiguration?, augmentation: Augmentation) {
    (self.vision, self.series, self.augmentation) = (vision, series, augmentation)
  }

  /// - Parameter samples: all of one stream, at least one.
  public func build(
    _ samples: [Sample], augmenting: Bool, using rng: inout some RandomNumberGenerator
  ) -> InputBatch {
    build(samples.map(\.input), augmenting: augmenting, using: &rng)
  }

  /// - Parameter inputs: all of one kind (and one channel set), at least one.
  public func build(
    _ inputs: [SampleInput], augmenting: Bool, using rng: inout some RandomNumberGenerator
  ) -> InputBatch {
    switch inputs[0] {
    case .image(let first):
      let values = inputs.flatMap { input -> [Float] in
        guard case .image(let picture) = input else { preconditionFailure("mixed batch") }
        return pixels([picture], augmenting, &rng)
      }
      return .images(Tensor(values, shape: [inputs.count, first.side, first.side, first.channels]))
    case .views(let first):
      let values = inputs.flatMap { input -> [Float] in
        guard case .views(let pictures) = input, pictures.count == first.count else {
          preconditionFailure("mixed batch")
        }
        // Each view was taken by itself: each is varied by itself.
        return pictures.flatMap { pixels([$0], augmenting, &rng) }
      }
      return .views(
        Tensor(
          values, shape: [inputs.count, first.count, first[0].side, first[0].side, first[0].channels]))
    case .clip(let first):
      let values = inputs.flatMap { input -> [Float] in
        guard case .clip(let frames) = input else { preconditionFailure("mixed batch") }
        return pixels(augmenting ? drawn(frames, using: &rng) : frames, augmenting, &rng)
      }
      let shape = [
        inputs.count, augmenting ? seen(of: first.count) : first.count, first[0].side, first[0].side,
        first[0].channels,
      ]
      return .clips(Tensor(values, shape: shape))
    case .series(let first):
      guard let series else { preconditionFailure("series for a model without series") }
      let set = series.sets[first.set]
      let augmenter = SeriesAugmenter(
        settings: augmentation.series, load: loads.indices.contains(first.set) ? loads[first.set] : nil)
      let values = inputs.flatMap { input -> [Float] in
        guard case .series(var window) = input else { preconditionFailure("mixed batch") }
        if augmenting && augmenter.settings.changesAnything {
          window = augmenter.apply(to: window, statistics: set.statistics, using: &rng)
        } else if let known = window.features {
          return known
        }
        return SeriesFeatures.compute(window, set: set, configuration: series)
      }
      let shape = [inputs.count, set.channels.count, SeriesFeatures.count(series)]
      return .series(Tensor(values, shape: shape), set: first.set)
    }
  }

  /// How many frames of a clip a step sees.
  private func seen(of count: Int) -> Int {
    max(1, min(count, Int((Float(count) * augmentation.images.frames).rounded(.up))))
  }

  /// One frame of each of as many equal parts of a clip as a step sees frames.
  private func drawn(_ frames: [Picture], using rng: inout some RandomNumberGenerator) -> [Picture] {
    let count = seen(of: frames.count)
    guard count < frames.count else { return frames }
    return (0..<count).map { part in
      let first = part * frames.count / count, end = (part + 1) * frames.count / count
      return frames[first + rng.below(end - first)]
    }
  }

  /// Frames to standardised values; one draw of changes for all of them.
  private func pixels(
    _ frames: [Picture], _ augmenting: Bool, _ rng: inout some RandomNumberGenerator
  ) -> [Float] {
    let augmenter = PictureAugmenter(settings: augmentation.images)
    let draw = augmenting ? augmenter.draw(using: &rng) : nil
    return frames.flatMap { frame -> [Float] in
      let values =
        draw.map { augmenter.apply($0, to: frame, using: &rng) } ?? frame.pixels.map { Float($0) / 255 }
      return (vision?.standardisation ?? .ordinary(channels: frame.channels)).apply(to: values)
    }
  }
}
