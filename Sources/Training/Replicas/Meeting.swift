import Foundation

/// A place where all replicas wait for each other and leave with what each brought.
///
/// `@unchecked` is sound: every field is read and written with `condition` locked.
public final class Meeting<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private var brought: [Value?]
  private var result: Result<[Value], any Error> = .success([])
  private var arrived = 0
  private var round = 0
  private let exchange: (@Sendable ([Value]) throws -> [Value])?

  /// - Parameters:
  ///   - count: number of replicas in this process.
  ///   - exchange: gives what the replicas of all processes brought for what those of this one did; nil where there
  ///     is one process. Called once a round, by the last replica that comes.
  public init(_ count: Int, exchange: (@Sendable ([Value]) throws -> [Value])? = nil) {
    (self.count, self.exchange) = (count, exchange)
    brought = Array(repeating: nil, count: count)
  }

  /// Leaves `value` and waits until all have done so.
  /// - Parameter index: of the replica in this process.
  /// - Returns: the values in the order of the replicas, those of all processes.
  /// - Throws: what the exchange throws, in every replica.
  public func gather(_ value: Value, from index: Int) throws -> [Value] {
    condition.lock()
    defer { condition.unlock() }
    let mine = round
    brought[index] = value
    arrived += 1
    if arrived == count {
      let mine = brought.compactMap { $0 }
      result = Result { try exchange.map { try $0(mine) } ?? mine }
      brought = Array(repeating: nil, count: count)
      arrived = 0
      round += 1
      condition.broadcast()
      return try result.get()
    }
    while round == mine { condition.wait() }
    return try result.get()
  }
}
