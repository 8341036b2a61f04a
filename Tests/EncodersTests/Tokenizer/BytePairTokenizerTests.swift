import Encoders
import Foundation
import Testing

struct BytePairTokenizerTests {
  struct Expected: Decodable { var corpus: [String], texts: [String], ids: [[Int]] }

  struct Model: Decodable {
    struct Inner: Decodable { var vocab: [String: Int], merges: [[String]] }
    var model: Inner
  }

  static func expected() throws -> Expected {
    try TokenizerFixtures.decode(Expected.self, "bpe-expected.json")
  }

  @Test func idsOfThePythonPackage() throws {
    let tokenizer = try BytePairTokenizer(path: TokenizerFixtures.path("bpe.json"))
    let expected = try Self.expected()
    #expect(expected.texts.count > 300)
    for (text, ids) in zip(expected.texts, expected.ids) {
      #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
      #expect(TokenizerFixtures.same(tokenizer.decode(ids), text), "\(text.debugDescription)")
    }
  }

  /// The package's trainer and ours learn the same merges in the same order from the same corpus.
  @Test func trainsAsThePythonPackage() throws {
    let expected = try Self.expected()
    let theirs = try TokenizerFixtures.decode(Model.self, "bpe.json").model
    let tokenizer = BytePairTokenizer.train(on: expected.corpus, vocabulary: 900)
    #expect(tokenizer.count == theirs.vocab.count && tokenizer.count > 600)
    for (token, id) in theirs.vocab { #expect(tokenizer.id(of: token) == id, "\(token)") }
    for (text, ids) in zip(expected.texts, expected.ids) { #expect(tokenizer.encode(text) == ids) }
  }

  @Test func trainingDoesNotDependOnTheOrderOfTexts() throws {
    let corpus = try Self.expected().corpus
    let one = BytePairTokenizer.train(on: corpus, vocabulary: 500)
    let other = BytePairTokenizer.train(on: corpus.reversed(), vocabulary: 500)
    #expect(one.json() == other.json())
  }

  @Test func itsFileComesBackByteForByte() throws {
    let tokenizer = BytePairTokenizer.train(on: try Self.expected().corpus, vocabulary: 700)
    let file = tokenizer.json()
    let again = try BytePairTokenizer(json: [UInt8](file), path: "tokenizer.json")
    #expect(again.json() == file)
    #expect(again.specials == tokenizer.specials)
    for text in try Self.expected().texts { #expect(again.encode(text) == tokenizer.encode(text)) }
  }

  /// The file written and the file that the package wrote name the same vocabulary and merges.
  @Test func itsFileHoldsThePackagesVocabulary() throws {
    struct Written: Decodable {
      struct Inner: Decodable { var vocab: [String: Int], merges: [String] }
      var model: Inner
    }
    let tokenizer = BytePairTokenizer.train(on: try Self.expected().corpus, vocabulary: 900)
    let ours = try JSONDecoder().decode(Written.self, from: tokenizer.json()).model
    let theirs = try TokenizerFixtures.decode(Model.self, "bpe.json").model
    #expect(ours.vocab == theirs.vocab)
    #expect(ours.merges == theirs.merges.map { $0.joined(separator: " ") })
  }

  @Test func specialsHaveFixedIdsAndNoText() throws {
    let tokenizer = BytePairTokenizer.train(on: ["a b a b"], vocabulary: 261)
    #expect(tokenizer.specials == SpecialTokens(padding: 0, begin: 1, end: 2, mask: 3, separator: 4))
    #expect(
      ["<pad>", "<begin>", "<end>", "<mask>", "<sep>"].map { tokenizer.id(of: $0) } == [0, 1, 2, 3, 4])
    #expect(tokenizer.decode([1, 0, 2, 3, 4]) == "")
    #expect(!tokenizer.encode("<pad> <mask>").contains { $0 < 5 })
    #expect(tokenizer.decode(tokenizer.encode("<pad> <mask>")) == "<pad> <mask>")
    let frame = tokenizer.frame("abcdef", maximum: 5)
    #expect(frame.first == 1 && frame.last == 2 && tokenizer.decode(frame) == "abc")
    #expect(tokenizer.frame("", maximum: 2) == [1, 2])
  }

  @Test func decodingRepairsWhatIsNoText() {
    let tokenizer = BytePairTokenizer.train(on: [String](), vocabulary: 261)
    let ids = tokenizer.encode("é")
    #expect(ids.count == 2)
    #expect(tokenizer.decode([ids[0]]) == "\u{FFFD}")
    #expect(tokenizer.decode([ids[1]] + tokenizer.encode("x")) == "\u{FFFD}x")
    #expect(tokenizer.decode([-1, 261, 1 << 40]) == "\u{FFFD}\u{FFFD}\u{FFFD}")
  }

  /// A piece of a megabyte must not take quadratic time, in training or encoding.
  @Test(.timeLimit(.minutes(1))) func longPiecesAreNoAttack() {
    let long = String(repeating: "ab", count: 100_000) + String(repeating: "z", count: 100_000)
    let tokenizer = BytePairTokenizer.train(on: [long, "ab abz zz"], vocabulary: 300)
    let ids = tokenizer.encode(long)
    #expect(ids.count < 50_000)
    #expect(tokenizer.decode(ids) == long)
  }

  @Test func manyThreadsShareATokenizer() async throws {
    let tokenizer = try BytePairTokenizer(path: TokenizerFixtures.path("bpe.json"))
    let expected = try Self.expected()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 { group.addTask { expected.texts.map(tokenizer.encode) == expected.ids } }
      for await same in group { #expect(same) }
    }
  }
}
