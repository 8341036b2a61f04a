import Layers

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

  /// 1 (grey) or 3 (RGB).
  public var channels: Int
  /// Pixels a side to which inputs are brought; the encoder itself takes any size that the stem divides.
  public var side: Int
  public var stem: Stem
  public var width: Int
  public var depth: Int
  public var hidden: Int
  public var heads: HeadRule
  public var dropout: Float
  /// Evenly spaced frames taken of a clip.
  public var frames: Int
  /// Blocks of attention over time.
  public var temporalDepth: Int

  public init(
    channels: Int, side: Int, stem: Stem, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1, frames: Int = 8, temporalDepth: Int = 1
  ) {
    (self.channels, self.side, self.stem, self.width, self.depth) = (channels, side, stem, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
    (self.frames, self.temporalDepth) = (frames, temporalDepth)
  }

  /// Pixels a side that become one token.
  public var pixelsPerToken: Int {
    switch stem {
    case .patches(let size): size
    case .convolution(let widths, _): 1 << widths.count
    }
  }
}
