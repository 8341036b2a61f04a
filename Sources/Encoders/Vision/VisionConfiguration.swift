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
    /// As in CLIP (Radford et al. 2021): tokens are normalised before the first block too, patches have no bias, and
    /// a map into the space shared with texts always follows. Nil, in files of older versions: no.
    public var clip: Bool?

    /// - Parameters:
    ///   - epsilon: of every normalisation.
    ///   - clip: whether the tower is one of CLIP.
    public init(epsilon: Float, activation: Activation, pooling: TokenPooling, clip: Bool? = nil) {
      (self.epsilon, self.activation, self.pooling, self.clip) = (epsilon, activation, pooling, clip)
    }
  }

  /// What makes the encoder a net of inverted residuals (EfficientNet-Lite; Tan and Le 2019) instead of Braid's own.
  public struct InvertedResiduals: Sendable, Codable, Hashable {
    /// Blocks of one width.
    public struct Stage: Sendable, Codable, Hashable {
      /// How many blocks.
      public var repeats: Int
      /// Side of the depthwise kernel, odd.
      public var kernel: Int
      /// Of the first block; the others have 1.
      public var stride: Int
      /// How many times wider a block is inside.
      public var expansion: Int
      /// Of every block's output.
      public var width: Int

      /// - Parameters:
      ///   - kernel: side of the depthwise kernel, odd.
      ///   - stride: of the first block.
      public init(repeats: Int, kernel: Int, stride: Int, expansion: Int, width: Int) {
        (self.repeats, self.kernel, self.stride) = (repeats, kernel, stride)
        (self.expansion, self.width) = (expansion, width)
      }
    }

    /// Width after the first convolution, which halves the sides.
    public var stem: Int
    /// In their order; a last map to the encoder's width follows.
    public var stages: [Stage]

    /// - Parameter stem: width after the first convolution.
    public init(stem: Int, stages: [Stage]) { (self.stem, self.stages) = (stem, stages) }
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
  /// Set where the encoder is a net of inverted residuals, to which `stem`, `depth`, `hidden` and `heads` mean
  /// nothing; nil for others.
  public var inverted: InvertedResiduals?
  /// How pixels are standardised; nil for Braid's own way, the same for every channel.
  public var standardisation: PixelStandardisation?

  /// - Parameter hidden: four times the width by default.
  public init(
    channels: Int, side: Int, stem: Stem, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1, frames: Int = 8, temporalDepth: Int = 1,
    transformer: Transformer? = nil, standardisation: PixelStandardisation? = nil,
    inverted: InvertedResiduals? = nil
  ) {
    (self.channels, self.side, self.stem, self.width, self.depth) = (channels, side, stem, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
    (self.frames, self.temporalDepth) = (frames, temporalDepth)
    (self.transformer, self.standardisation, self.inverted) = (transformer, standardisation, inverted)
  }

  /// Whether the summary itself may be the place in a shared space, as in encoders that others trained.
  public var isForeign: Bool { transformer.map { $0.clip != true } ?? (inverted != nil) }

  /// Pixels a side that become one token.
  public var pixelsPerToken: Int {
    switch stem {
    case .patches(let size): size
    case .convolution(let widths, _): 1 << widths.count
    }
  }
}
