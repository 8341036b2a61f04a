import Layers
import Tensors

/// The shape of a text encoder.
public struct TextConfiguration: Sendable, Codable, Hashable {
  /// What sets encoders of the BERT family (Devlin et al. 2019) apart from Braid's own: normalisation after each
  /// part and on the embeddings, none at the end, and token types.
  public struct Bert: Sendable, Codable, Hashable {
    /// Rows of the table of token types, of which single texts use the first; 0 for no table.
    public var types: Int
    /// Of every normalisation.
    public var epsilon: Float
    /// Between the two maps of a feed-forward part.
    public var activation: Activation
    /// How tokens become one vector.
    public var pooling: TokenPooling

    /// - Parameters:
    ///   - types: rows of the table of token types; 0 for none.
    ///   - epsilon: of every normalisation.
    public init(types: Int, epsilon: Float, activation: Activation, pooling: TokenPooling) {
      (self.types, self.epsilon, self.activation, self.pooling) = (types, epsilon, activation, pooling)
    }
  }

  /// What sets text encoders of CLIP (Radford et al. 2021) apart from Braid's own: a token sees those before it only,
  /// and the end token, which sees all, stands for the text. A map into the space shared with images always follows.
  public struct Clip: Sendable, Codable, Hashable {
    /// Of every normalisation.
    public var epsilon: Float
    /// Between the two maps of a feed-forward part.
    public var activation: Activation

    /// - Parameter epsilon: of every normalisation.
    public init(epsilon: Float, activation: Activation) {
      (self.epsilon, self.activation) = (epsilon, activation)
    }
  }

  /// Entries of the tokenizer's vocabulary.
  public var vocabulary: Int
  /// Longest input in tokens; longer texts are cut.
  public var length: Int
  /// Width of a token.
  public var width: Int
  /// Transformer blocks.
  public var depth: Int
  /// Width between the two maps of a feed-forward part.
  public var hidden: Int
  /// How many heads attention has.
  public var heads: HeadRule
  /// Share of values dropped, in training.
  public var dropout: Float
  /// Set where the encoder is of the BERT family; nil for others.
  public var bert: Bert?
  /// Set where the encoder is of CLIP; nil for others.
  public var clip: Clip?

  /// - Parameter hidden: four times the width by default.
  public init(
    vocabulary: Int, length: Int = 96, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1, bert: Bert? = nil,
    clip: Clip? = nil
  ) {
    (self.vocabulary, self.length, self.width, self.depth) = (vocabulary, length, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
    (self.bert, self.clip) = (bert, clip)
  }
}
