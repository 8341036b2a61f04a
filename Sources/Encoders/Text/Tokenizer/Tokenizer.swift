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
