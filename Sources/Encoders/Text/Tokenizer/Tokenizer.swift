import Foundation

/// Turns text into the whole numbers that a text encoder embeds, and back.
public protocol Tokenizer: Sendable {
  /// One more than the largest id: the height of an embedding table for this tokenizer.
  var count: Int { get }

  /// The ids that stand for no text.
  var specials: SpecialTokens { get }

  /// Ids of `text`, without any special token. The names of special tokens inside `text` are ordinary
  /// text, so that nobody's input can switch on a control token.
  func encode(_ text: String) -> [Int]

  /// Text of `ids`; special tokens give nothing, ids without a token give U+FFFD.
  func decode(_ ids: [Int]) -> String

  /// The id of the token with this text as its file spells it; nil where there is none.
  func id(of token: String) -> Int?

  /// The bytes of a `tokenizer.json` from which `Tokenizers.read(path:)` makes this tokenizer again.
  func json() -> Data
}

/// Tokenizers of every kind.
public enum Tokenizers {
  /// Reads a `tokenizer.json` in the layout of Hugging Face's tokenizers, byte-level BPE (GPT-2's or CLIP's way) or
  /// WordPiece.
  /// - Throws: `TokenizerError` where the file is broken or of another kind.
  public static func read(path: String) throws(TokenizerError) -> any Tokenizer {
    let bytes = try TokenizerFile.bytes(path)
    let model = try JSONReader.read(bytes, path: path)["model"]
    switch model?["type"]?.text {
    case "WordPiece": return try WordPieceTokenizer(json: bytes, path: path)
    case "BPE" where model?["end_of_word_suffix"]?.text == WordEndTokenizer.mark:
      return try WordEndTokenizer(json: bytes, path: path)
    case "BPE": return try BytePairTokenizer(json: bytes, path: path)
    case let other:
      throw TokenizerError(
        .unsupported, path: path, place: "model.type",
        reason: "The model is \(other ?? "not named"); BPE and WordPiece can be read.",
        remedy: "Use a model whose tokenizer is byte-level BPE, as GPT-2's, or WordPiece, as BERT's.")
    }
  }
}

extension Tokenizer {
  /// Ids of `text` between the begin and the end token, at most `maximum` of them in all; what is too
  /// much is cut from the end of the text.
  /// - Precondition: `maximum` is at least 2.
  public func frame(_ text: String, maximum: Int) -> [Int] {
    precondition(maximum >= 2, "A frame of \(maximum) has no room for begin and end.")
    return [specials.begin] + encode(text).prefix(maximum - 2) + [specials.end]
  }
}
