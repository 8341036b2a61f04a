import Layers
import Tensors

/// Hides parts of inputs and keeps what stood there: squares of pictures that become one token each (Xie et al. 2022,
/// "SimMIM"), the same squares in all frames of a clip (Tong et al. 2022, "VideoMAE"), whole channels of a recording.
public struct PartHider: Sendable {
  /// Share of the places that are hidden.
  var share: Float
  /// Pixels a side of a place of a picture.
  var cell: Int
  /// Every row draws by its place, so that it does not matter how many come together, or in which replica.
  var rng: SeededGenerator
  /// Place of the next row in its batch.
  var row: Int
  /// What stood there, of all rows so far: `[row, (view,) place, pixel]` of images and
  /// views, `[row, frame, place]` brightness of clips,
  /// `[row, channel, feature]` of recordings.
  public private(set) var truth: [Float] = []
  /// 1 where something is hidden, in the shape of `truth`.
  public private(set) var weights: [Float] = []

  /// - Parameters:
  ///   - share: of the places that are hidden, above 0 and below 1.
  ///   - cell: pixels a side of a place of a picture.
  ///   - first: place of the first row in its batch.
  public init(share: Float, cell: Int, first: Int = 0, rng: SeededGenerator) {
    (self.share, self.cell, self.row, self.rng) = (share, cell, first, rng)
  }

  /// The batch with parts set to 0, which is the mean of what encoders see. Pictures whose sides the cells do not
  /// divide stay as they are, and nothing is kept of them.
  /// - Parameter batch: the next rows; all batches of one hider are of one kind and size.
  public mutating func hide(_ batch: InputBatch) -> InputBatch {
    switch batch {
    case .images(let images):
      guard images.shape[1] % cell == 0, images.shape[2] % cell == 0 else { return batch }
      return .images(hiddenPlaces(images))
    case .views(let views):
      guard views.shape[2] % cell == 0, views.shape[3] % cell == 0 else { return batch }
      return .views(hiddenPlaces(views, frames: views.shape[1]))
    case .clips(let clips):
      guard clips.shape[2] % cell == 0, clips.shape[3] % cell == 0 else { return batch }
      return .clips(hiddenPlaces(clips, frames: clips.shape[1], asBrightness: true))
    case .series(let features, let set):
      return .series(hidden(features), set: set)
    }
  }

  /// Some places of `count`, at least one and never all.
  private mutating func draw(_ count: Int) -> [Int] {
    var rng = rng.split(row)
    row += 1
    let wanted = max(1, min(count - 1, Int((Float(count) * share).rounded())))
    return rng.permutation(count).prefix(wanted).sorted()
  }

  /// - Parameters:
  ///   - pictures: `[batch, (frame,) row, column, channel]`; the same places are hidden in all frames.
  ///   - asBrightness: whether the brightness of a place is asked for instead of its pixels.
  private mutating func hiddenPlaces(_ pictures: Tensor, frames: Int = 1, asBrightness: Bool = false)
    -> Tensor
  {
    let shape = pictures.shape, rank = shape.count
    let (height, width, channels) = (shape[rank - 3], shape[rank - 2], shape[rank - 1])
    let across = width / cell, places = height / cell * across
    var values = pictures.floats()
    for sample in 0..<shape[0] {
      let chosen = draw(places)
      let base = sample * frames * height * width * channels
      // The pixels of a place, from its upper left to its lower right.
      func pixels(_ frame: Int, _ place: Int) -> [Int] {
        (0..<cell * cell * channels).map { index in
          let (y, x) = (index / (cell * channels), index / channels % cell)
          let line = place / across * cell + y, column = place % across * cell + x
          return base + ((frame * height + line) * width + column) * channels + index % channels
        }
      }
      for frame in 0..<frames {
        for place in 0..<places {
          let own = pixels(frame, place).map { values[$0] }
          truth += asBrightness ? [own.reduce(0, +) / Float(own.count)] : own
        }
        var flags = [Float](repeating: 0, count: places)
        for place in chosen { flags[place] = 1 }
        weights +=
          asBrightness
          ? flags : flags.flatMap { [Float](repeating: $0, count: cell * cell * channels) }
      }
      for frame in 0..<frames {
        for place in chosen { for pixel in pixels(frame, place) { values[pixel] = 0 } }
      }
    }
    return Tensor(values, shape: shape)
  }

  /// - Parameter features: `[batch, channel, feature]`, the last 1 where a channel is there; it stays, so that the
  ///   channel is asked for instead of passed over. Of a single channel some features are hidden, each by chance.
  private mutating func hidden(_ features: Tensor) -> Tensor {
    let (channels, width) = (features.shape[1], features.shape[2])
    var values = features.floats()
    for sample in 0..<features.shape[0] {
      let base = sample * channels * width
      let present = (0..<channels).filter { values[base + $0 * width + width - 1] > 0 }
      var places: [Int] = []
      if present.count > 1 {
        places = draw(present.count).flatMap { index in
          (0..<width - 1).map { base + present[index] * width + $0 }
        }
      } else if let only = present.first {
        places = draw(width - 1).map { base + only * width + $0 }
      } else {
        row += 1
      }
      truth += values[base..<base + channels * width]
      var flags = [Float](repeating: 0, count: channels * width)
      for place in places {
        flags[place - base] = 1
        values[place] = 0
      }
      weights += flags
    }
    return Tensor(values, shape: features.shape)
  }
}
