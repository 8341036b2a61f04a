import Synchronization

/// Counts finished pieces of work from any thread.
final class DoneCounter: Sendable {
  private let count = Mutex(0)

  /// One more.
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
