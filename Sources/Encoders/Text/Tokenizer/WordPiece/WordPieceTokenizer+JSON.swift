import Files
import Foundation

extension WordPieceTokenizer {
  /// The bytes of a `tokenizer.json` that the Python package `tokenizers` reads; the same vocabulary gives
  /// the same bytes. That package takes the names of special tokens inside a text for the tokens themselves;
  /// `encode(_:)` never does.
  public func json() -> Data {
    let added = specialIDs.sorted().map {
      #"{"id":\#($0),"content":\#(JSONText.quoted(tokens[$0] ?? "")),"single_word":false,"lstrip":false,"#
        + #""rstrip":false,"normalized":false,"special":true}"#
    }
    // A token that stands twice keeps its last id, as in reading.
    let vocabulary = tokens.enumerated().compactMap { id, token in
      token.flatMap { self.id(of: $0) == id ? "\(JSONText.quoted($0)):\(id)" : nil }
    }
    let text = """
      {"version":"1.0","truncation":null,"padding":null,
      "added_tokens":[
      \(added.joined(separator: ",\n"))],
      "normalizer":{"type":"BertNormalizer","clean_text":\(cleaner.cleans),
      "handle_chinese_chars":\(cleaner.separatesIdeographs),"strip_accents":\(cleaner.stripsAccents),
      "lowercase":\(cleaner.lowercases)},
      "pre_tokenizer":{"type":"BertPreTokenizer"},
      "post_processor":null,
      "decoder":{"type":"WordPiece","prefix":\(JSONText.quoted(prefixText)),"cleanup":true},
      "model":{"type":"WordPiece","unk_token":\(JSONText.quoted(tokens[unknown] ?? "")),
      "continuing_subword_prefix":\(JSONText.quoted(prefixText)),"max_input_chars_per_word":\(longestWord),
      "vocab":{
      \(vocabulary.joined(separator: ",\n"))}}}

      """
    return Data(text.utf8)
  }

  private var prefixText: String { String(decoding: prefix, as: UTF8.self) }
}
