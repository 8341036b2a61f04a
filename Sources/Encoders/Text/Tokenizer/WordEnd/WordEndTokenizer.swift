import Foundation

/// Byte-pair encoding as CLIP has it: small letters only, words without the spaces between them, and tokens that tell
/// whether they end a word.
///
/// Text is composed (Unicode's form C) and lower-cased, cut into words (`WordScanner.words`), each word is taken as its
/// UTF-8 bytes, the last of them as one that ends a word, and neighbours are merged in the order in which the
/// vocabulary learnt them. What is lost in this is case, and how words were parted.
/// Source: Radford et al., Learning Transferable Visual Models From Natural Language Supervision, ICML 2021.
public struct WordEndTokenizer: Tokenizer {
  /// What vocabularies write behind a token that ends a word.
  static let mark = "</w>"

  /// The tokens as their file spells them; nil where the vocabulary leaves an id out.
  let names: [String?]
  /// Merges in the order in which they were learnt, as ids.
  let merges: [SymbolPair]
  /// Ids by text for the tokens that are special.
  let specialIDs: [Bytes: Int]
  /// Ids of the tokens that stand for no text.
  public let specials: SpecialTokens

  private let ids: [Bytes: Int]
  private let table: MergeTable
  private let inner: [Int32]
  private let last: [Int32]
  private let cache = PieceCache()

  /// - Parameter fault: makes an error of a place in the file and a reason.
  /// - Throws: `TokenizerError` where a byte has no token, a merge needs one that is not there, or no token is known
  ///   by its name to end a text.
  init(
    vocabulary: [(name: Bytes, id: Int)], special: [(name: Bytes, id: Int)], merges: [(String, String)],
    fault: (String, String) -> TokenizerError
  ) throws(TokenizerError) {
    var names = [String?](repeating: nil, count: ((vocabulary + special).map(\.id).max() ?? -1) + 1)
    var ids: [Bytes: Int] = [:]
    for (name, id) in vocabulary + special {
      guard names[id].map({ Bytes($0) == name }) ?? true, ids[name] ?? id == id else {
        throw fault("vocabulary", "The token \(name.text) or its id \(id) stands twice.")
      }
      (names[id], ids[name]) = (name.text, id)
    }
    var places: [[Int32]] = [[], []]
    for byte in UInt8.min...UInt8.max {
      let letter = ByteAlphabet.text(of: [byte])
      for (place, name) in [letter, letter + Self.mark].enumerated() {
        guard let id = ids[Bytes(name)] else {
          throw fault("vocabulary", "The byte \(byte) has no token \(name), so text could be lost.")
        }
        places[place].append(Int32(id))
      }
    }
    var (pairs, table) = ([SymbolPair](), MergeTable())
    for (rank, (left, right)) in merges.enumerated() {
      guard let first = ids[Bytes(left)], let second = ids[Bytes(right)], let whole = ids[Bytes(left + right)]
      else {
        throw fault("merges", "The merge of \(left) and \(right) needs a token that is not there.")
      }
      let pair = SymbolPair(left: Int32(first), right: Int32(second))
      pairs.append(pair)
      table.merges[pair] = MergeTable.Merge(rank: Int32(rank), result: Int32(whole))
    }
    let specialIDs = Dictionary(special.map { ($0.name, $0.id) }) { first, _ in first }
    guard let specials = SpecialTokens(naming: { specialIDs[Bytes($0)] }) else {
      throw fault("added_tokens", "No token that ends a text is known by its name.")
    }
    (self.names, self.ids, self.merges, self.table) = (names, ids, pairs, table)
    (inner, last, self.specialIDs, self.specials) = (places[0], places[1], specialIDs, specials)
  }

  /// One more than the largest id.
  public var count: Int { names.count }

  /// Ids of `text`.
  public func encode(_ text: String) -> [Int] {
    var result: [Int] = []
    WordScanner.words(of: Self.plain(text)) { word in
      result += cache.ids(of: word) { bytes in
        var symbols = bytes.map { inner[Int($0)] }
        if let end = bytes.last { symbols[symbols.count - 1] = last[Int(end)] }
        return table.apply(to: symbols).map(Int.init)
      }
    }
    return result
  }

  /// Composed and in small letters. Letter by letter, without regard to their neighbours, as the original does it.
  private static func plain(_ text: String) -> String {
    let composed = text.utf8.allSatisfy { $0 < 128 } ? text : text.precomposedStringWithCanonicalMapping
    var plain = String.UnicodeScalarView()
    for scalar in composed.unicodeScalars {
      plain.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return String(plain)
  }

  /// Text of `ids`, a space behind every word but the last; special tokens give nothing, bytes that are no UTF-8 and
  /// ids without a token give U+FFFD.
  public func decode(_ ids: [Int]) -> String {
    let special = Set(specialIDs.values)
    var bytes: [UInt8] = []
    for id in ids where !special.contains(id) {
      guard names.indices.contains(id), var name = names[id] else {
        bytes += "\u{FFFD}".utf8
        continue
      }
      let ends = name.hasSuffix(Self.mark)
      if ends { name.removeLast(Self.mark.count) }
      bytes += ByteAlphabet.token(of: name) ?? []
      if ends { bytes.append(0x20) }
    }
    if bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The id of a token as its file spells it (`lung</w>` for a word).
  public func id(of token: String) -> Int? { ids[Bytes(token)] }
}
