import ArgumentParser
import Training

/// Verbs that several processes may do together.
enum Processes {
  /// Runs `body` among the processes that were started with this one; nil where there are none. A failure here ends
  /// them all.
  /// - Parameter remedy: what those are told who read that another process has ended; that of a training if nil.
  static func run(remedy: String? = nil, _ body: (ProcessGroup?) throws -> Void) throws {
    guard let group = try remedy.map({ try ProcessGroup.join(remedy: $0) }) ?? ProcessGroup.join() else {
      return try body(nil)
    }
    do {
      try body(group)
    } catch let code as ExitCode {
      try group.leave()
      throw code
    } catch {
      // Told before the others are ended, which ends this process too.
      Output.note("Error: \(error)")
      group.abort()
      throw error
    }
    try group.leave()
  }
}
