import Encoders
import Foundation
import Testing

struct WordPieceTokenizerTests {
  struct Expected: Decodable { var texts: [String], ids: [[Int]], plain: [String], decoded: [String] }

  @Test(arguments: ["uncased", "cased"])
  func idsOfThePythonPackage(casing: String) throws {
    let expected = try TokenizerFixtures.decode(Expected.self, "wordpiece-\(casing)-expected.json")
    let fromJSON = try WordPieceTokenizer(path: TokenizerFixtures.path("wordpiece-\(casing).json"))
    let fromText = try WordPieceTokenizer(
      vocabulary: TokenizerFixtures.path("wordpiece-\(casing).txt"), uncased: casing == "uncased")
    #expect(expected.texts.count > 300 && fromJSON.isUncased == (casing == "uncased"))
    for (text, ids) in zip(expected.texts, expected.ids) {
      #expect(fromJSON.encode(text) == ids, "\(text.debugDescription)")
      #expect(fromText.encode(text) == ids, "\(text.debugDescription)")
    }
    for (text, decoded) in zip(expected.plain, expected.decoded) {
      #expect(fromJSON.decode(fromJSON.encode(text)) == decoded)
    }
  }

  /// What is written as tokenizer.json is read as the same tokenizer.
  @Test(arguments: ["uncased", "cased"])
  func writtenAndReadAgain(casing: String) throws {
    let expected = try TokenizerFixtures.decode(Expected.self, "wordpiece-\(casing)-expected.json")
    let original = try WordPieceTokenizer(
      vocabulary: TokenizerFixtures.path("wordpiece-\(casing).txt"), uncased: casing == "uncased")
    let path = FileManager.default.temporaryDirectory.path + "/braid-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try original.json().write(to: URL(filePath: path))
    let again = try Tokenizers.read(path: path)
    #expect(again is WordPieceTokenizer && again.json() == original.json())
    #expect(again.count == original.count && again.specials == original.specials)
    for (text, ids) in zip(expected.texts, expected.ids) { #expect(again.encode(text) == ids) }
  }

  @Test func specialsOfBERT() throws {
    let tokenizer = try WordPieceTokenizer(path: TokenizerFixtures.path("wordpiece-uncased.json"))
    #expect(tokenizer.specials == SpecialTokens(padding: 0, begin: 2, end: 3, mask: 4, separator: 3))
    #expect(tokenizer.unknown == 1)
    #expect(tokenizer.decode(tokenizer.frame("the apex", maximum: 16)) == "the apex")
  }
}
