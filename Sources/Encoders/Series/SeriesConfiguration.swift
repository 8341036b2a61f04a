import Layers

/// The shape of a series encoder. A recipe may name some of it; the rest is then as `init` has it.
public struct SeriesConfiguration: Sendable, Codable, Hashable {
  /// What the encoder reads of each channel.
  public enum Encoder: String, Sendable, Codable, CaseIterable {
    /// Statistics, course and bands of the spectrum.
    case features
    /// Shares of the window in which small convolutions respond (Dempster et al. 2021, "MiniRocket").
    case kernels
    /// All of these.
    case both
  }

  /// The kinds of recordings it knows.
  public var sets: [ChannelSet]
  /// Points to which each channel's course is brought.
  public var points: Int
  /// Bands of the logarithmic spectrum: few for slow processes, many for vibration; 0 for none.
  public var bands: Int
  /// What is read of each channel.
  public var encoder: Encoder
  /// Responses of convolutions that each channel gives, about: a multiple of 168, one threshold for each of 84 kernels
  /// over the values and over their differences. Read where `encoder` asks for kernels.
  public var responses: Int
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
    sets: [ChannelSet], points: Int = 32, bands: Int = 7, encoder: Encoder = .features, responses: Int = 168,
    width: Int = 256, hidden: Int = 512,
    blocks: Int = 1,
    depth: Int = 0, tokenWidth: Int = 64, heads: HeadRule = .fixed(4), dropout: Float = 0.3,
    inputDropout: Float = 0.3
  ) {
    precondition(blocks > 0 || depth > 0, "an encoder without any way to its summary")
    (self.sets, self.points, self.bands, self.width, self.hidden) = (sets, points, bands, width, hidden)
    (self.blocks, self.depth, self.tokenWidth, self.heads) = (blocks, depth, tokenWidth, heads)
    (self.dropout, self.inputDropout) = (dropout, inputDropout)
    (self.encoder, self.responses) = (encoder, responses)
  }

  /// Responses that each channel gives; 0 where the encoder reads none.
  public var responseCount: Int {
    encoder == .features ? 0 : KernelResponses.count(about: responses)
  }

  /// What is not named is as `init` has it, so that older bundles and short recipes can be read.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    self.init(sets: try read(.sets, []))
    points = try read(.points, points)
    bands = try read(.bands, bands)
    encoder = try read(.encoder, encoder)
    responses = try read(.responses, responses)
    width = try read(.width, width)
    hidden = try read(.hidden, hidden)
    blocks = try read(.blocks, blocks)
    depth = try read(.depth, depth)
    tokenWidth = try read(.tokenWidth, tokenWidth)
    heads = try read(.heads, heads)
    dropout = try read(.dropout, dropout)
    inputDropout = try read(.inputDropout, inputDropout)
  }
}
