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
    public var activation: Activation
    public var pooling: TokenPooling

    public init(types: Int, epsilon: Float, activation: Activation, pooling: TokenPooling) {
      (self.types, self.epsilon, self.activation, self.pooling) = (types, epsilon, activation, pooling)
    }
  }

  /// Entries of the tokenizer's vocabulary.
  public var vocabulary: Int
  /// Longest input in tokens; longer texts are cut.
  public var length: Int
  public var width: Int
  public var depth: Int
  public var hidden: Int
  public var heads: HeadRule
  public var dropout: Float
  /// Set where the encoder is of the BERT family; nil for Braid's own.
  public var bert: Bert?

  public init(
    vocabulary: Int, length: Int = 96, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1, bert: Bert? = nil
  ) {
    (self.vocabulary, self.length, self.width, self.depth) = (vocabulary, length, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
    self.bert = bert
  }
}
