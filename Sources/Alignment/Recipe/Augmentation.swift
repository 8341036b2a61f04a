/// Random changes of training inputs that do not change what they show. There are no mirror images: side
/// matters in anatomy.
public struct Augmentation: Sendable, Codable, Hashable {
  /// Of images and clips: changes as another exposure, position or device would make.
  public struct Images: Sendable, Codable, Hashable {
    /// Largest shift, as a share of the side.
    public var shift: Float = 0.09
    /// Largest turn in degrees.
    public var rotation: Float = 8
    /// Largest relative change of size.
    public var zoom: Float = 0.1
    /// Largest change of brightness (share of the range) and relative change of contrast.
    public var brightness: Float = 0.12
    /// Largest relative change of contrast.
    public var contrast: Float = 0.25
    /// Largest logarithm of the gamma exponent.
    public var gamma: Float = 0.3
    /// Largest deviation of added noise (share of the range).
    public var noise: Float = 0.05
    /// Chance of some blurring.
    public var blur: Float = 0.3
    /// Chance that a rectangle of up to a third of the side is greyed out.
    public var erase: Float = 0.25
    /// Largest relative change of brightness from the centre to an edge, as the heel of an anode or the gain of an
    /// ultrasound probe makes.
    public var shading: Float = 0
    /// Chance of a detector up to 2.5 times as coarse.
    public var coarse: Float = 0
    /// Share of a clip's frames that a step sees: one drawn from each of as many parts of equal length (Wang et al. 2016,
    /// "Temporal segment networks"). Cheaper steps, and every one sees other frames.
    public var frames: Float = 1
    /// Chance of black borders of up to a tenth of the side, as collimators and printers make.
    public var border: Float = 0

    /// The usual changes.
    public init() {}
  }

  /// Of series: changes as another day, sensor, speed or load would make. All are off: of those that were tried none
  /// was better on validation rows of other runs than chance makes it (CONTRIBUTING.md).
  public struct Series: Sendable, Codable, Hashable {
    /// Deviation of noise added to each value, in training deviations.
    public var jitter: Float = 0
    /// Deviation of the factor on each channel's excursions.
    public var scaling: Float = 0
    /// Chance that a channel is missing.
    public var channelDropout: Float = 0
    /// Largest share of the rows cut off at either end.
    public var crop: Float = 0
    /// Deviation of the logarithm of the speed along a window (Um et al. 2017).
    public var timeWarp: Float = 0
    /// Largest relative change of a machine's speed: the whole window runs faster or slower.
    public var speed: Float = 0
    /// Deviation of steps along the direction in which windows of one label differ most, in deviations of those
    /// windows: all channels move together, in level and in spread, as with another load.
    public var load: Float = 0

    /// The usual changes.
    public init() {}

    /// Whether any change is made at all.
    var changesAnything: Bool {
      [jitter, scaling, channelDropout, crop, timeWarp, speed, load].contains { $0 > 0 }
    }

    /// What no training can be run with, in words.
    var problems: [String] {
      let sizes = [("jitter", jitter), ("scaling", scaling), ("load", load)].filter {
        !($0.1 >= 0 && $0.1.isFinite)
      }.map { "augmentation.series.\($0.0) is 0 or more, not \($0.1)" }
      let shares = [("channelDropout", channelDropout)].filter { !(0..<1).contains($0.1) }.map {
        "augmentation.series.\($0.0) is a share from 0 to below 1, not \($0.1)"
      }
      let halves = [("crop", crop), ("speed", speed)].filter { !(0..<0.5).contains($0.1) }.map {
        "augmentation.series.\($0.0) is a share from 0 to below 0.5, not \($0.1)"
      }
      // Beyond 2 speeds within one window differ by hundreds.
      let warps = [("timeWarp", timeWarp)].filter { !(0...2).contains($0.1) }.map {
        "augmentation.series.\($0.0) is 0 to 2, not \($0.1)"
      }
      return sizes + shares + halves + warps
    }
  }

  /// Of images and clips.
  public var images = Images()
  /// Of series.
  public var series = Series()

  /// The usual changes.
  public init() {}
}
