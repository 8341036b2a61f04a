extension BytePairTokenizer {
  /// Learns a vocabulary: the specials, the 256 bytes, then the most frequent pairs one after another.
  ///
  /// The same texts give the same vocabulary in any order: pairs of equal count are taken in the order of
  /// their ids. Takes O(n log n) in the length of the distinct words.
  /// - Parameters:
  ///   - texts: read once; the memory that is needed grows with the distinct words, not with the text.
  ///   - vocabulary: ids wanted, specials and bytes among them; fewer where the texts give no more pairs.
  ///   - minimumCount: a pair that occurs less often is not merged.
  /// - Precondition: `vocabulary` is at least 261 (5 specials and 256 bytes).
  public static func train(
    on texts: some Sequence<String>, vocabulary: Int, minimumCount: Int = 2
  ) -> BytePairTokenizer {
    var words: [Bytes: Int] = [:]
    for text in texts {
      WordScanner.pieces(of: text) { words[Bytes($0), default: 0] += 1 }
    }
    return train(on: words, vocabulary: vocabulary, minimumCount: minimumCount)
  }

  private static func train(on words: [Bytes: Int], vocabulary: Int, minimumCount: Int) -> BytePairTokenizer {
    let names = SpecialTokens.ownNames
    precondition(
      vocabulary >= names.count + 256, "A vocabulary of \(vocabulary) has no room for the 256 bytes.")
    var tokens: [[UInt8]] = names.map { Array($0.utf8) } + ByteAlphabet.order.map { [$0] }
    var ids: [Bytes: Int] = [:]
    for id in names.count..<tokens.count { ids[Bytes(tokens[id])] = id }
    var trainer = PairCounts(words) { Int32(ids[Bytes([$0])] ?? 0) }
    var merges: [SymbolPair] = []
    while tokens.count < vocabulary, let pair = trainer.mostFrequent(atLeast: max(1, minimumCount)) {
      let token = tokens[Int(pair.left)] + tokens[Int(pair.right)]
      // Two ways of merging can lead to one token.
      let id = ids[Bytes(token)] ?? tokens.count
      if id == tokens.count {
        tokens.append(token)
        ids[Bytes(token)] = id
      }
      merges.append(pair)
      trainer.merge(pair, into: Int32(id))
    }
    let specialIDs = Dictionary(uniqueKeysWithValues: names.enumerated().map { (Bytes($1), $0) })
    return BytePairTokenizer(
      tokens: tokens, ids: ids, merges: merges, specialIDs: specialIDs,
      specials: SpecialTokens(padding: 0, begin: 1, end: 2, mask: 3, separator: 4))
  }
}
