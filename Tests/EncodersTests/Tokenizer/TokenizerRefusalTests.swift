import Encoders
import Foundation
import Testing

/// Broken and foreign files are refused with code, place and remedy.
struct TokenizerRefusalTests {
  static func reading(_ text: String) throws -> BytePairTokenizer {
    try BytePairTokenizer(json: Array(text.utf8), path: "t.json")
  }

  static func refused(_ error: any Error, _ code: TokenizerError.Code, _ place: String) -> Bool {
    guard let error = error as? TokenizerError else { return false }
    return error.code == code && error.place.hasPrefix(place) && !error.reason.isEmpty
      && !error.remedy.isEmpty
  }

  @Test(arguments: [
    ("", "byte 0"), ("{", "byte 1"), ("{} x", "byte 3"), ("[1,]", "byte 3"), (#"{"a":tru}"#, "byte 5"),
    (#"{"a":"\ud800"}"#, "byte 12"), (#"{"a":"\x"}"#, "byte 7"), (#"{"a" 1}"#, "byte 5"),
    (#"{"a":1e999}"#, "byte 5"),
    ("{\"a\":\"\u{1}\"}", "byte 6"), (#"{"a":"b"#, "byte 7"),
  ])
  func brokenJSON(text: String, place: String) {
    #expect { try Self.reading(text) } throws: { Self.refused($0, .malformed, place) }
  }

  @Test func deepNestingIsRefused() {
    let bomb = String(repeating: "[", count: 200_000)
    #expect { try Self.reading(bomb) } throws: { Self.refused($0, .malformed, "byte 64") }
  }

  /// Each change of the package's file makes a tokenizer that would give other ids, or none.
  @Test(arguments: [
    (#""type": "BPE""#, #""type": "Unigram""#, TokenizerError.Code.unsupported, "model.type"),
    (#""type": "ByteLevel""#, #""type": "Metaspace""#, .unsupported, "pre_tokenizer"),
    (#""add_prefix_space": false"#, #""add_prefix_space": true"#, .unsupported, "pre_tokenizer"),
    (#""byte_fallback": false"#, #""byte_fallback": true"#, .unsupported, "model.byte_fallback"),
    (#""normalizer": null"#, #""normalizer": {"type": "NFC"}"#, .unsupported, "normalizer"),
    (#""special": true"#, #""special": false"#, .unsupported, "added_tokens"),
    (#""A": 37"#, #""Q": 37"#, .malformed, "model.vocab"),
    (#""A": 37"#, #""A": 38"#, .malformed, "model.vocab"),
    (#""A": 37"#, #""A": -1"#, .malformed, "model.vocab"),
    (#""A": 37"#, #""A": 1e15"#, .malformed, "model.vocab"),
    (#""A": 37"#, #""中": 37"#, .unsupported, "model.vocab"),
    (#""merges": ["#, #""merges": ["one","#, .malformed, "model.merges"),
    (#""merges": ["#, #""merges": ["A qqq","#, .malformed, "model.merges"),
  ])
  func changedFiles(from: String, to: String, code: TokenizerError.Code, place: String) throws {
    let text = String(decoding: try TokenizerFixtures.bytes("bpe.json"), as: UTF8.self)
    let changed = text.replacingOccurrences(of: from, with: to)
    #expect(changed != text)
    #expect { try Self.reading(changed) } throws: { Self.refused($0, code, place) }
  }

  @Test func filesThatAreNoTokenizers() {
    #expect { try BytePairTokenizer(path: "/nowhere/t.json") } throws: { Self.refused($0, .notFound, "") }
    #expect { try BytePairTokenizer(path: "/tmp") } throws: { Self.refused($0, .unreadable, "") }
    #expect {
      try WordPieceTokenizer(path: TokenizerFixtures.path("bpe.json"))
    } throws: {
      Self.refused($0, .unsupported, "model.type")
    }
    #expect {
      try WordPieceTokenizer(vocabulary: TokenizerFixtures.path("bpe.json"), uncased: true)
    } throws: {
      Self.refused($0, .unsupported, "")
    }
  }
}
