import Dispatch
import Foundation
import Synchronization

/// Lets SIGINT and SIGTERM end a job where it can end cleanly.
enum Interruption {
  /// The result of a job, handed from its thread to the one that waits.
  private final class Outcome<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
  }

  /// Runs `body` in a task that the first SIGINT or SIGTERM cancels; the second ends the program at once.
  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
    let outcome = Outcome<Value>(), done = DispatchSemaphore(value: 0)
    let task = Task.detached {
      let result = Result { try body() }
      outcome.result.withLock { $0 = result }
      done.signal()
    }
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if task.isCancelled { _exit(128 + number) }
        task.cancel()
      }
      source.activate()
      return source
    }
    done.wait()
    sources.forEach { $0.cancel() }
    guard let result = outcome.result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}
