import Synchronization

/// Remembers the ids of short pieces; shared by the copies of a tokenizer and by threads.
final class PieceCache: Sendable {
  private let ids = Mutex<[Bytes: [Int]]>([:])
  /// A few megabytes at most; words of a language come back long before that.
  private static let capacity = 32_768
  private static let longest = 48

  /// The ids of `piece`, made by `make` where they are not remembered.
  func ids(of piece: ArraySlice<UInt8>, _ make: (ArraySlice<UInt8>) -> [Int]) -> [Int] {
    guard piece.count <= Self.longest else { return make(piece) }
    let key = Bytes(piece)
    if let known = ids.withLock({ $0[key] }) { return known }
    let made = make(piece)
    ids.withLock {
      if $0.count >= Self.capacity { $0.removeAll(keepingCapacity: true) }
      $0[key] = made
    }
    return made
  }
}
