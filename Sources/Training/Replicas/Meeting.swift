import Foundation

/// A place where all replicas wait for each other and leave with what each brought.
///
/// `@unchecked` is sound: every field is read and written with `condition` locked.
public final class Meeting<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private var brought: [Value?]
  private var result: [Value] = []
  private var arrived = 0
  private var round = 0

  /// - Parameter count: number of replicas.
  public init(_ count: Int) {
    self.count = count
    brought = Array(repeating: nil, count: count)
  }

  /// Leaves `value` and waits until all have done so.
  /// - Returns: the values in the order of the replicas.
  public func gather(_ value: Value, from index: Int) -> [Value] {
    condition.lock()
    defer { condition.unlock() }
    let mine = round
    brought[index] = value
    arrived += 1
    if arrived == count {
      result = brought.compactMap { $0 }
      brought = Array(repeating: nil, count: count)
      arrived = 0
      round += 1
      condition.broadcast()
      return result
    }
    while round == mine { condition.wait() }
    return result
  }
}
