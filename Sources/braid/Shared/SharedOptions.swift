import ArgumentParser
import Foundation

/// What every verb takes.
struct SharedOptions: ParsableArguments {
  @Flag(help: "Results as JSON, one object a line.")
  var json = false
  @Flag(help: "No progress on standard error.")
  var quiet = false
  @Option(help: "Threads to use; all processors by default.")
  var threads: Int?
  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads (\(threads)) must lie between 1 and 1024.")
    }
  }

  /// Threads asked for, or one for each processor.
  var threadCount: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
