/// How often each pair of neighbours occurs in the words of a corpus, kept exact while pairs are merged.
///
/// All distinct words lie in one linked list of symbols; each pair knows the places where it stands, so
/// that a merge costs as much as the pair has places.
struct PairCounts {
  private struct Pair {
    var count = 0
    var places: [Int32] = []
  }

  private struct Candidate: Comparable {
    var count: Int
    var pair: SymbolPair

    /// The most frequent first; among equals the smallest ids.
    static func < (a: Candidate, b: Candidate) -> Bool {
      a.count != b.count ? a.count > b.count : a.pair < b.pair
    }
  }

  /// -1 where a symbol was merged into its left neighbour.
  private var symbols: [Int32] = []
  /// -1 at the borders of words.
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// Occurrences in the corpus of the word to which each symbol belongs.
  private var weights: [Int] = []
  private var pairs: [SymbolPair: Pair] = [:]
  private var queue = PriorityQueue<Candidate>()

  /// - Precondition: the distinct words have fewer than 2^31 bytes together.
  init(_ words: [Bytes: Int], symbol: (UInt8) -> Int32) {
    // Sorted: the order of a dictionary differs from run to run.
    for (word, count) in words.sorted(by: { $0.key < $1.key }) {
      let first = symbols.count
      for (index, byte) in word.array.enumerated() {
        symbols.append(symbol(byte))
        previous.append(index == 0 ? -1 : Int32(first + index - 1))
        next.append(index == word.array.count - 1 ? -1 : Int32(first + index + 1))
        weights.append(count)
      }
    }
    for place in symbols.indices { count(place) }
    queue = PriorityQueue(pairs.map { Candidate(count: $0.value.count, pair: $0.key) })
  }

  /// The most frequent pair; nil where none occurs at least `minimum` times.
  mutating func mostFrequent(atLeast minimum: Int) -> SymbolPair? {
    while let candidate = queue.pop() {
      let count = pairs[candidate.pair]?.count ?? 0
      // Counts fall without notice to the queue: put the pair back where it now belongs.
      if count != candidate.count {
        if count > 0 { queue.push(Candidate(count: count, pair: candidate.pair)) }
        continue
      }
      return count >= minimum ? candidate.pair : nil
    }
    return nil
  }

  /// Replaces `pair` by `symbol` from left to right wherever it stands.
  mutating func merge(_ pair: SymbolPair, into symbol: Int32) {
    guard let places = pairs.removeValue(forKey: pair)?.places.sorted() else { return }
    var grown: Set<SymbolPair> = []
    for place in places {
      let left = Int(place)
      guard symbols[left] == pair.left, next[left] >= 0 else { continue }
      let right = Int(next[left])
      guard symbols[right] == pair.right else { continue }
      let before = previous[left]
      let after = next[right]
      if before >= 0 { discount(Int(before), pair) }
      if after >= 0 { discount(right, pair) }
      symbols[left] = symbol
      symbols[right] = -1
      next[left] = after
      if after >= 0 { previous[Int(after)] = place }
      if before >= 0, let changed = count(Int(before)) { grown.insert(changed) }
      if after >= 0, let changed = count(left) { grown.insert(changed) }
    }
    for changed in grown {
      if let count = pairs[changed]?.count, count > 0 { queue.push(Candidate(count: count, pair: changed)) }
    }
  }

  /// The pair that begins at `place`.
  private func pair(at place: Int) -> SymbolPair? {
    next[place] >= 0 ? SymbolPair(left: symbols[place], right: symbols[Int(next[place])]) : nil
  }

  @discardableResult
  private mutating func count(_ place: Int) -> SymbolPair? {
    guard let pair = pair(at: place) else { return nil }
    pairs[pair, default: Pair()].count += weights[place]
    pairs[pair, default: Pair()].places.append(Int32(place))
    return pair
  }

  /// `merged` itself is no longer counted.
  private mutating func discount(_ place: Int, _ merged: SymbolPair) {
    guard let pair = pair(at: place), pair != merged else { return }
    pairs[pair]?.count -= weights[place]
  }
}
