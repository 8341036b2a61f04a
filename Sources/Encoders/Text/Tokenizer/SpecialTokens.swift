/// Ids of the tokens that stand for no text.
public struct SpecialTokens: Sendable, Equatable {
  /// Fills a batch up to one length.
  public var padding: Int
  /// Stands before a text (`[CLS]` of BERT).
  public var begin: Int
  /// Stands behind a text (`[SEP]` of BERT).
  public var end: Int
  /// Hides a token that is to be guessed; nil where the vocabulary has none.
  public var mask: Int?
  /// Stands between two texts; nil where the vocabulary has none.
  public var separator: Int?

  /// Ids in the vocabulary; nil for tokens that it lacks.
  public init(padding: Int, begin: Int, end: Int, mask: Int? = nil, separator: Int? = nil) {
    (self.padding, self.begin, self.end, self.mask, self.separator) = (padding, begin, end, mask, separator)
  }

  /// The special tokens of the vocabularies that Braid trains, in the order of their ids from 0.
  static let ownNames = ["<pad>", "<begin>", "<end>", "<mask>", "<sep>"]

  /// Finds the special tokens by the names that published vocabularies give them.
  ///
  /// A vocabulary with a single one, as GPT-2's `<|endoftext|>`, uses it for padding, begin and end.
  /// - Returns: nil where not even an end token is found.
  init?(naming id: (String) -> Int?) {
    func first(_ names: String...) -> Int? { names.lazy.compactMap(id).first }
    let separator = first("<sep>", "[SEP]", "</s>")
    guard let end = first("<end>", "[SEP]", "</s>", "<|endoftext|>", "<|end_of_text|>", "<|im_end|>") else {
      return nil
    }
    self.init(
      padding: first("<pad>", "[PAD]", "<|padding|>", "<|pad|>") ?? end,
      begin: first("<begin>", "[CLS]", "<s>", "<|startoftext|>", "<|begin_of_text|>") ?? end, end: end,
      mask: first("<mask>", "[MASK]"), separator: separator)
  }
}
