import Encoders
import Tensors

/// Everything that makes a training what it is. Written into the bundle; the same recipe, manifest, seed and
/// number of threads give the same bundle again.
public struct Recipe: Sendable, Codable, Hashable {
  /// The model.
  public var vision: VisionConfiguration?
  public var series: SeriesConfiguration?
  public var text: TextConfiguration?
  /// Width of the shared space.
  public var embedding = 128
  /// Hidden width and blocks of the sentence decoder; nil for no decoder.
  public var decoder: Decoder?

  /// The optimisation.
  public var seed: UInt64 = 0
  public var epochs = 30
  public var batch = 64
  /// From scratch 1e-3; fine-tuning starts from 1e-5, so that what is there is not torn up.
  public var learningRate: Float = 1e-3
  /// Share of the steps in which the rate climbs to its full height.
  public var warmUp: Float = 0.1
  public var weightDecay: Float = 0.05
  /// Largest norm of all gradients together.
  public var clip: Float = 1
  /// Of the slow average of the weights, which is what is validated and kept.
  public var averageDecay: Float = 0.99
  /// Epochs without a better validation after which training ends.
  public var patience = 10
  public var precision: ElementType = .f32

  /// The losses.
  public var contrast: ContrastChoice = .auto
  public var contrastWeight: Float = 0.5
  public var headWeight: Float = 1
  public var valueWeight: Float = 1
  public var decoderWeight: Float = 0.5
  /// Of two views of unlabelled rows.
  public var viewWeight: Float = 0.2
  public var labelSmoothing: Float = 0.05

  public var augmentation = Augmentation()
  /// Share or number of train rows that keep their labels, as on the command line; nil for all.
  public var labels: String?

  public init() {}

  /// The sentence decoder's shape; its width is the vision encoder's.
  public struct Decoder: Sendable, Codable, Hashable {
    public var depth: Int
    /// Longest report in tokens.
    public var length: Int

    public init(depth: Int, length: Int) { (self.depth, self.length) = (depth, length) }
  }

  /// Which contrastive loss.
  public enum ContrastChoice: String, Sendable, Codable {
    /// Both are tried for some epochs, and the better on validation goes on.
    case auto
    case infoNCE, sigmoid
  }
}
