import Foundation
import Synchronization

/// Threads that stay, one a replica, so that each keeps its caches warm from step to step.
public final class ReplicaTeam: Sendable {
  /// Number of replicas.
  public let count: Int
  /// The processes that train together, each with a team of this size; nil for one.
  public let group: ProcessGroup?
  /// Replicas of all processes.
  public var total: Int { count * (group?.size ?? 1) }
  private let desk: Desk
  /// Held during a run, so that a second one waits instead of taking the place of jobs not yet begun.
  private let turn = NSLock()

  /// - Parameters:
  ///   - count: threads to start, at least one.
  ///   - group: the processes that train together; nil for one.
  public init(_ count: Int, group: ProcessGroup? = nil) {
    let desk = Desk(max(1, count))
    (self.count, self.desk, self.group) = (max(1, count), desk, group)
    for index in 0..<max(1, count) {
      let thread = Thread { while desk.work(index) {} }
      thread.stackSize = 16 << 20
      thread.name = "replica-\(index)"
      thread.start()
    }
  }

  deinit { desk.close() }

  /// Runs `body` once on every thread at the same time and waits for all. Calls from several threads take
  /// turns; `body` must not itself run something on the same team.
  /// - Returns: what each gave, in the order of the replicas.
  /// - Throws: the first error in that order, after all have ended.
  public func run<Value: Sendable>(_ body: @escaping @Sendable (Int) throws -> Value) throws -> [Value] {
    turn.lock()
    defer { turn.unlock() }
    let results = Results<Value>(count)
    desk.run { index in results.put(Result { try body(index) }, at: index) }
    return try results.all().map { try $0.get() }
  }

  /// Changes items in place, dealt out to the threads; meanwhile no one else holds them, so that tensors change in
  /// their own memory. Which thread changes an item does not show in the result.
  /// - Parameters:
  ///   - sizes: work that each item takes, to deal it out evenly.
  ///   - body: gets each item and its index.
  /// - Returns: what each gave, in the order of the items.
  public func change<Item: Sendable, Value: Sendable>(
    _ items: inout [Item], sizes: [Int], _ body: @escaping @Sendable (inout Item, Int) -> Value
  ) throws -> [Value] {
    let shares = deal(sizes)
    let hands = shares.map { share in Hand(share.map { items[$0] }) }
    items = []
    let values = try run { replica in
      hands[replica].items.withLock { held in
        shares[replica].enumerated().map { body(&held[$0.offset], $0.element) }
      }
    }
    let order = shares.joined().enumerated().sorted { $0.element < $1.element }.map(\.offset)
    let changed = hands.flatMap { hand in hand.items.withLock { held in exchange(&held, with: []) } }
    let given = values.flatMap { $0 }
    items = order.map { changed[$0] }
    return order.map { given[$0] }
  }

  /// Indices for each thread: the largest first, each to the one with least so far.
  private func deal(_ sizes: [Int]) -> [[Int]] {
    var shares = [[Int]](repeating: [], count: count), loads = [Int](repeating: 0, count: count)
    for index in sizes.indices.sorted(by: { (sizes[$1], $0) < (sizes[$0], $1) }) {
      let least = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
      shares[least].append(index)
      loads[least] += sizes[index] + 1
    }
    return shares
  }

  /// Shares the indices 0 ..< `total` out over the threads, each taking the next when it is done with one.
  /// - Returns: results in the order of the indices.
  public func map<Value: Sendable>(
    _ total: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let next = Counter()
    let parts = try run { _ in
      var done: [(Int, Value)] = []
      while true {
        let index = next.take()
        guard index < total else { return done }
        done.append((index, try body(index)))
      }
    }
    return parts.joined().sorted { $0.0 < $1.0 }.map(\.1)
  }
}

/// What one thread changes.
private final class Hand<Item: Sendable>: Sendable {
  let items: Mutex<[Item]>
  init(_ items: [Item]) { self.items = Mutex(items) }
}

private func exchange<Value>(_ value: inout Value, with other: Value) -> Value {
  let old = value
  value = other
  return old
}

/// Where the threads find their next job. They hold the desk, not the team, so that the team can end.
///
/// `@unchecked` is sound: the variables are read and written with `condition` locked.
private final class Desk: @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [(@Sendable () -> Void)?]
  private var closed = false
  private var busy = 0

  init(_ count: Int) { jobs = Array(repeating: nil, count: count) }

  /// Hands out a job and waits until every thread has done it and let go of what it held.
  func run(_ job: @escaping @Sendable (Int) -> Void) {
    condition.lock()
    defer { condition.unlock() }
    for index in jobs.indices { jobs[index] = { job(index) } }
    busy = jobs.count
    condition.broadcast()
    while busy > 0 { condition.wait() }
  }

  /// Waits for a job and does it; false when the team has ended.
  func work(_ index: Int) -> Bool {
    guard doNext(index) else { return false }
    condition.lock()
    busy -= 1
    if busy == 0 { condition.broadcast() }
    condition.unlock()
    return true
  }

  /// The job is let go before this returns.
  @inline(never)
  private func doNext(_ index: Int) -> Bool {
    guard let job = take(index) else { return false }
    job()
    return true
  }

  private func take(_ index: Int) -> (@Sendable () -> Void)? {
    condition.lock()
    defer { condition.unlock() }
    while jobs[index] == nil && !closed { condition.wait() }
    defer { jobs[index] = nil }
    return jobs[index]
  }

  func close() {
    condition.lock()
    closed = true
    condition.broadcast()
    condition.unlock()
  }
}

/// Results of one run. `@unchecked` is sound: all access is locked.
private final class Results<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Result<Value, any Error>?]

  init(_ count: Int) { values = Array(repeating: nil, count: count) }

  func put(_ value: Result<Value, any Error>, at index: Int) {
    lock.lock()
    values[index] = value
    lock.unlock()
  }

  func all() -> [Result<Value, any Error>] {
    lock.lock()
    defer { lock.unlock() }
    return values.compactMap { $0 }
  }
}

/// The next piece of work. `@unchecked` is sound: all access is locked.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var value = 0

  func take() -> Int {
    lock.lock()
    defer { lock.unlock() }
    value += 1
    return value - 1
  }
}
