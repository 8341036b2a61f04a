import Layers

/// The shape of a series encoder.
public struct SeriesConfiguration: Sendable, Codable, Hashable {
  /// The kinds of recordings it knows.
  public var sets: [ChannelSet]
  /// Points to which each channel's course is brought.
  public var points: Int
  /// Bands of the logarithmic spectrum: few for slow processes, many for vibration; 0 for none.
  public var bands: Int
  /// Width of the summary.
  public var width: Int
  /// Width between the two maps of a feed-forward part.
  public var hidden: Int
  /// Residual blocks over the statistics of all channels together; with 0 the summary comes from the tokens
  /// alone.
  public var blocks: Int
  /// Transformer blocks over the channels' tokens; with 0 the summary comes from the statistics alone.
  public var depth: Int
  /// Width of a channel's token.
  public var tokenWidth: Int
  /// How many heads attention has.
  public var heads: HeadRule
  /// Share of values dropped between the maps, in training.
  public var dropout: Float
  /// Share of the inputs dropped, in training.
  public var inputDropout: Float

  /// - Precondition: `blocks` or `depth` is not 0.
  public init(
    sets: [ChannelSet], points: Int = 32, bands: Int = 7, width: Int = 256, hidden: Int = 512,
    blocks: Int = 1,
    depth: Int = 0, tokenWidth: Int = 64, heads: HeadRule = .fixed(4), dropout: Float = 0.3,
    inputDropout: Float = 0.3
  ) {
    precondition(blocks > 0 || depth > 0, "an encoder without any way to its summary")
    (self.sets, self.points, self.bands, self.width, self.hidden) = (sets, points, bands, width, hidden)
    (self.blocks, self.depth, self.tokenWidth, self.heads) = (blocks, depth, tokenWidth, heads)
    (self.dropout, self.inputDropout) = (dropout, inputDropout)
  }
}
