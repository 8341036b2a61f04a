/// The merges of a byte-pair vocabulary by pair, and how they are applied.
struct MergeTable: Sendable {
  /// What a pair becomes, and how early.
  struct Merge: Sendable {
    var rank: Int32
    var result: Int32
  }

  var merges: [SymbolPair: Merge] = [:]

  private struct Candidate: Comparable {
    var rank: Int32
    var position: Int32
    var pair: SymbolPair

    static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
  }

  /// Merges `symbols` until no merge applies: the earliest learnt first, among equals the leftmost.
  ///
  /// Takes O(n log n) for n symbols, so that a megabyte without a space is no attack.
  func apply(to symbols: [Int32]) -> [Int32] {
    guard symbols.count > 1 else { return symbols }
    // A doubly linked list in arrays; a symbol that was merged into its left neighbour becomes -1.
    var symbols = symbols
    let count = Int32(symbols.count)
    var next = (1...count).map { $0 }
    var previous = (-1..<count - 1).map { $0 }
    var queue = PriorityQueue<Candidate>(
      (0..<symbols.count - 1).compactMap { position in
        let pair = SymbolPair(left: symbols[position], right: symbols[position + 1])
        return merges[pair].map { Candidate(rank: $0.rank, position: Int32(position), pair: pair) }
      })
    func propose(_ position: Int32, _ queue: inout PriorityQueue<Candidate>) {
      guard position >= 0, next[Int(position)] < count else { return }
      let pair = SymbolPair(left: symbols[Int(position)], right: symbols[Int(next[Int(position)])])
      if let merge = merges[pair] { queue.push(Candidate(rank: merge.rank, position: position, pair: pair)) }
    }
    while let candidate = queue.pop() {
      let left = Int(candidate.position)
      // What stood here when the candidate was made may have been merged since.
      guard symbols[left] == candidate.pair.left, next[left] < count else { continue }
      let right = Int(next[left])
      guard symbols[right] == candidate.pair.right, let merge = merges[candidate.pair] else { continue }
      symbols[left] = merge.result
      symbols[right] = -1
      next[left] = next[right]
      if next[left] < count { previous[Int(next[left])] = candidate.position }
      propose(previous[left], &queue)
      propose(candidate.position, &queue)
    }
    return symbols.filter { $0 >= 0 }
  }
}
