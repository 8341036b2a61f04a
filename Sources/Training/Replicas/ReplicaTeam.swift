import Foundation

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
      let thread = Thread { while let job = desk.take(index) { job() } }
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
    desk.put { index in results.put(Result { try body(index) }, at: index) }
    return try results.wait().map { try $0.get() }
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

/// Where the threads find their next job. They hold the desk, not the team, so that the team can end.
///
/// `@unchecked` is sound: the variables are read and written with `condition` locked.
private final class Desk: @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [(@Sendable () -> Void)?]
  private var closed = false

  init(_ count: Int) { jobs = Array(repeating: nil, count: count) }

  func put(_ job: @escaping @Sendable (Int) -> Void) {
    condition.lock()
    for index in jobs.indices { jobs[index] = { job(index) } }
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for a job; nil when the team has ended.
  func take(_ index: Int) -> (@Sendable () -> Void)? {
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
  private let condition = NSCondition()
  private var values: [Result<Value, any Error>?]

  init(_ count: Int) { values = Array(repeating: nil, count: count) }

  func put(_ value: Result<Value, any Error>, at index: Int) {
    condition.lock()
    values[index] = value
    condition.signal()
    condition.unlock()
  }

  func wait() -> [Result<Value, any Error>] {
    condition.lock()
    defer { condition.unlock() }
    while values.contains(where: { $0 == nil }) { condition.wait() }
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
