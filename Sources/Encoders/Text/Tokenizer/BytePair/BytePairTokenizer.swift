/// Byte-level byte-pair encoding: any text in any script, without an unknown token and without loss.
///
/// Text is cut into words, digits and signs (`WordScanner`), each piece is taken as its UTF-8 bytes, and
/// neighbours are merged in the order in which the vocabulary learnt them.
/// Sources: Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, ACL 2016;
/// Radford et al. 2019 (GPT-2) for the bytes.
public struct BytePairTokenizer: Tokenizer {
  /// The bytes of each id; nil where the vocabulary leaves an id out.
  let tokens: [[UInt8]?]
  /// Merges in the order in which they were learnt, as ids.
  let merges: [SymbolPair]
  /// Ids by text for the tokens that are special.
  let specialIDs: [Bytes: Int]
  /// Ids of the tokens that stand for no text.
  public let specials: SpecialTokens

  private let table: MergeTable
  private let byteIDs: [Int32]
  private let isSpecial: [Bool]
  private let cache = PieceCache()

  /// - Precondition: every byte has a token, every merge's result is a token, ids are in range.
  init(
    tokens: [[UInt8]?], ids: [Bytes: Int], merges: [SymbolPair], specialIDs: [Bytes: Int],
    specials: SpecialTokens
  ) {
    (self.tokens, self.merges, self.specialIDs, self.specials) = (tokens, merges, specialIDs, specials)
    byteIDs = (0...255).map { Int32(ids[Bytes([UInt8($0)])] ?? 0) }
    var table = MergeTable()
    for (rank, pair) in merges.enumerated() {
      guard let left = tokens[Int(pair.left)], let right = tokens[Int(pair.right)],
        let result = ids[Bytes(left + right)]
      else { continue }
      table.merges[pair] = MergeTable.Merge(rank: Int32(rank), result: Int32(result))
    }
    self.table = table
    var isSpecial = [Bool](repeating: false, count: tokens.count)
    for id in specialIDs.values { isSpecial[id] = true }
    self.isSpecial = isSpecial
  }

  /// One more than the largest id.
  public var count: Int { tokens.count }

  /// Ids of `text`; decoding them gives the same Unicode scalars back.
  public func encode(_ text: String) -> [Int] {
    var result: [Int] = []
    WordScanner.pieces(of: text) { piece in
      result += cache.ids(of: piece) { table.apply(to: $0.map { byteIDs[Int($0)] }).map(Int.init) }
    }
    return result
  }

  /// Text of `ids`; special tokens give nothing, bytes that are no UTF-8 and ids without a token give
  /// U+FFFD.
  public func decode(_ ids: [Int]) -> String {
    var bytes: [UInt8] = []
    for id in ids {
      guard tokens.indices.contains(id), let token = tokens[id] else {
        bytes += "\u{FFFD}".utf8
        continue
      }
      if !isSpecial[id] { bytes += token }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The id of a token: a special one by its name, another as its file spells it (`Ġlung` for " lung").
  public func id(of token: String) -> Int? {
    if let special = specialIDs[Bytes(token)] { return special }
    guard let bytes = ByteAlphabet.token(of: token) else { return nil }
    return tokens.indices.first { !isSpecial[$0] && tokens[$0] == bytes }
  }
}
