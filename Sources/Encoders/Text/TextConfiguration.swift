import Layers

/// The shape of a text encoder.
public struct TextConfiguration: Sendable, Codable, Hashable {
  /// Entries of the tokenizer's vocabulary.
  public var vocabulary: Int
  /// Longest input in tokens; longer texts are cut.
  public var length: Int
  public var width: Int
  public var depth: Int
  public var hidden: Int
  public var heads: HeadRule
  public var dropout: Float

  public init(
    vocabulary: Int, length: Int = 96, width: Int, depth: Int, hidden: Int? = nil,
    heads: HeadRule = .fixed(4), dropout: Float = 0.1
  ) {
    (self.vocabulary, self.length, self.width, self.depth) = (vocabulary, length, width, depth)
    (self.hidden, self.heads, self.dropout) = (hidden ?? 4 * width, heads, dropout)
  }
}
