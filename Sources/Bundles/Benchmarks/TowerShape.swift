/// Sizes of the towers that benchmarks run.
public struct TowerShape: Sendable, Equatable {
  /// Of an image, in pixels; images are square, of three channels.
  public var side: Int
  /// Of a patch, in pixels.
  public var patch: Int
  /// Of a token; the hidden layer of a block is four times as wide.
  public var width: Int
  /// Of every block's attention.
  public var heads: Int
  /// Blocks of the vision tower.
  public var visionDepth: Int
  /// Blocks of the text tower.
  public var textDepth: Int
  /// Tokens of every text.
  public var textTokens: Int
  /// Different tokens.
  public var vocabulary: Int
  /// Of an embedding.
  public var embedding: Int

  /// Patches of an image.
  public var patches: Int { side / patch * (side / patch) }

  /// - Precondition: `patch` divides `side`, `heads` divides `width`.
  public init(
    side: Int, patch: Int, width: Int, heads: Int, visionDepth: Int, textDepth: Int, textTokens: Int,
    vocabulary: Int, embedding: Int
  ) {
    precondition(side % patch == 0 && width % heads == 0, "Patches tile an image, heads share out a token.")
    (self.side, self.patch, self.width, self.heads) = (side, patch, width, heads)
    (self.visionDepth, self.textDepth) = (visionDepth, textDepth)
    (self.textTokens, self.vocabulary, self.embedding) = (textTokens, vocabulary, embedding)
  }

  /// Images of 224 x 224, patches of 16, width 192, 12 and 4 blocks of 3 heads, texts of 64 tokens out of 8192,
  /// embeddings of 256.
  public static let reference = TowerShape(
    side: 224, patch: 16, width: 192, heads: 3, visionDepth: 12, textDepth: 4, textTokens: 64,
    vocabulary: 8192, embedding: 256)
}
