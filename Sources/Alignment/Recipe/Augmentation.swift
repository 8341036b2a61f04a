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
    /// Chance of black borders of up to a tenth of the side, as collimators and printers make.
    public var border: Float = 0

    /// The usual changes.
    public init() {}
  }

  /// Of series: changes as another day or sensor would make.
  public struct Series: Sendable, Codable, Hashable {
    /// Deviation of noise added to each value, in training deviations.
    public var jitter: Float = 0
    /// Deviation of the factor on each channel's excursions.
    public var scaling: Float = 0
    /// Chance that a channel is missing.
    public var channelDropout: Float = 0
    /// Largest share of the rows cut off at either end.
    public var crop: Float = 0

    /// The usual changes.
    public init() {}

    /// Whether any change is made at all.
    var changesAnything: Bool { jitter > 0 || scaling > 0 || channelDropout > 0 || crop > 0 }
  }

  /// Of images and clips.
  public var images = Images()
  /// Of series.
  public var series = Series()

  /// The usual changes.
  public init() {}
}
