import Layers
import Tensors

/// The shape of a vision encoder.
public struct VisionConfiguration: Sendable, Codable, Hashable {
  /// How pixels become tokens.
  public enum Stem: Sendable, Codable, Hashable {
    /// Squares of `size` pixels, each mapped linearly (Dosovitskiy et al. 2021).
    case patches(size: Int)
    /// Stages that each halve the sides, then refine with depthwise blocks (Liu et al. 2022): better with few
    /// images. `blocks` and `widths` have one entry a stage.
    case convolution(widths: [Int], blocks: [Int])
  }

  /// What sets the plain vision transformer (Dosovitskiy et al. 2021) apart from Braid's own encoder: a first token
  /// of its own and learned positions. Its stem is patches.
  public struct Transformer: Sendable, Codable, Hashable {
    /// Of every normalisation.
    public var epsilon: Float
    /// Between the two maps of a feed-forward part.
    public var activation: Activation
    /// How tokens become one vector.
    public var pooling: TokenPooling

    /// - Parameter epsilon: of every normalisation.
    public init(epsilon: Float, activation: Activation, pooling: TokenPooling) {
      (self.epsilon, self.activation, self.pooling) = (epsilon, activation, pooling)
    }
  }

  /// 1 (grey) or 3 (RGB).
  public var channels: Int
  /// Pixels a side to which inputs are brought; the encoder itself takes any size that the stem divides.
  public var side: Int
  /// How pixels become tokens.
  public var stem: Stem
  /// Width of a token.
  public var width: Int
  /// Transformer blocks over the tokens of a picture.
  public var depth: Int
  /// Width between the two maps of a feed-forward part.
  public var hidden: Int
  /// How many heads attention has.
  public var heads: HeadRule
  /// Share of values dropped, in training.
  public var dropout: Float
  /// Evenly spaced frames taken of a clip.
  public var frames: Int
  /// Blocks of attention over time.
  public var temporalDepth: Int
  /// Set where the encoder is a plain vision transformer; nil for Braid's own.
  public var transformer: Transformer?
  /// How pixels are standardised; nil for Braid's own way, the same for every channel.
  public var standardisation: PixelStandardisation?

  /// - Parameter hidden: four times the width by default.
  public init(
    channels: Int, side: Int, stem: Stem, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1, frames: Int = 8, temporalDepth: Int = 1,
    transformer: Transformer? = nil, standardisation: PixelStandardisation? = nil
  ) {
    (self.channels, self.side, self.stem, self.width, self.depth) = (channels, side, stem, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
    (self.frames, self.temporalDepth) = (frames, temporalDepth)
    (self.transformer, self.standardisation) = (transformer, standardisation)
  }

  /// Pixels a side that become one token.
  public var pixelsPerToken: Int {
    switch stem {
    case .patches(let size): size
    case .convolution(let widths, _): 1 << widths.count
    }
  }
}
