/// WordPiece as BERT and its family use it: words cut into the longest parts that the vocabulary has.
///
/// Not lossless: case (where uncased), accents, spaces and unknown words are lost, as in the original.
/// Source: Devlin et al., BERT, NAACL 2019; greedy longest match from the left.
public struct WordPieceTokenizer: Tokenizer {
  /// Text of each id; nil where the vocabulary leaves an id out.
  let tokens: [String?]
  private let ids: [Bytes: Int]
  let specialIDs: Set<Int>
  /// Ids of the tokens that stand for no text.
  public let specials: SpecialTokens
  /// The id of a word that the vocabulary cannot spell.
  public let unknown: Int
  let cleaner: BasicTextCleaner
  let prefix: [UInt8]
  let longestWord: Int
  private let longestToken: Int

  init(
    tokens: [String?], specialIDs: Set<Int>, specials: SpecialTokens, unknown: Int, cleaner: BasicTextCleaner,
    prefix: String = "##", longestWord: Int = 100
  ) {
    (self.tokens, self.specialIDs, self.specials, self.unknown) = (tokens, specialIDs, specials, unknown)
    (self.cleaner, self.prefix, self.longestWord) = (cleaner, Array(prefix.utf8), longestWord)
    ids = Dictionary(tokens.enumerated().compactMap { id, token in token.map { (Bytes($0), id) } }) {
      _, last in last
    }
    longestToken = tokens.lazy.map { $0?.utf8.count ?? 0 }.max() ?? 0
  }

  /// One more than the largest id.
  public var count: Int { tokens.count }

  /// Whether capitals and small letters are the same to this tokenizer.
  public var isUncased: Bool { cleaner.lowercases }

  /// Ids of a text's pieces, without begin and end.
  public func encode(_ text: String) -> [Int] { cleaner.words(of: text).flatMap { pieces(of: $0) } }

  /// Words joined by spaces; the marks `. , ? !` stand without one before them.
  public func decode(_ ids: [Int]) -> String {
    var text = ""
    for id in ids where !specialIDs.contains(id) || id == unknown {
      let token = tokens.indices.contains(id) ? tokens[id] ?? "\u{FFFD}" : "\u{FFFD}"
      if token.utf8.starts(with: prefix), !text.isEmpty {
        text.unicodeScalars.append(contentsOf: token.unicodeScalars.dropFirst(prefix.count))
      } else {
        if !text.isEmpty, ![".", ",", "?", "!"].contains(token) { text += " " }
        text += token
      }
    }
    return text
  }

  /// The id of one piece; nil where the vocabulary lacks it.
  public func id(of token: String) -> Int? { ids[Bytes(token)] }

  private func pieces(of word: [Unicode.Scalar]) -> [Int] {
    guard word.count <= longestWord else { return [unknown] }
    var bytes: [UInt8] = []
    // Where scalars end: a part never cuts one.
    var ends: [Int] = []
    for scalar in word {
      bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      ends.append(bytes.count)
    }
    var result: [Int] = []
    var start = 0
    while start < bytes.count {
      let lead = start == 0 ? [] : prefix
      let longest = ends.last { $0 > start && $0 - start + lead.count <= longestToken } ?? start
      guard
        let (id, end) = ends.lazy.reversed().filter({ $0 > start && $0 <= longest })
          .compactMap({ end in ids[Bytes(lead + bytes[start..<end])].map { ($0, end) } }).first
      else { return [unknown] }
      result.append(id)
      start = end
    }
    return result
  }
}
