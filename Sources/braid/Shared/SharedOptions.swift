import ArgumentParser
import Foundation

/// How results and progress are written.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Results as JSON, one object a line.")
  var json = false
  @Flag(help: "No progress on standard error.")
  var quiet = false
}

/// Options of a verb that hold how results and progress are written.
protocol WritingOptions {
  var output: OutputOptions { get }
}

extension WritingOptions {
  var json: Bool { output.json }
  var quiet: Bool { output.quiet }
}

/// How many threads share the work.
struct ThreadOption: ParsableArguments {
  @Option(help: "Threads to use; all processors by default.")
  var threads: Int?

  func validate() throws { try ThreadOption.check(threads) }

  static func check(_ threads: Int?) throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads (\(threads)) must lie between 1 and 1024.")
    }
  }

  /// Threads asked for, or one for each processor.
  var count: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// Options of a verb that hold how many threads share the work.
protocol SharingOptions {
  var work: ThreadOption { get }
}

extension SharingOptions {
  var threadCount: Int { work.count }
}

/// For verbs that share work out and draw at random.
struct SharedOptions: ParsableArguments, WritingOptions, SharingOptions {
  @OptionGroup var output: OutputOptions
  @OptionGroup var work: ThreadOption
  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0
}

/// For verbs that share work out and in which nothing is random. The seed is taken, unseen, because every verb
/// promises to take it: one line of options then fits all verbs of a script.
struct SteadyOptions: ParsableArguments, WritingOptions, SharingOptions {
  @OptionGroup var output: OutputOptions
  @OptionGroup var work: ThreadOption
  @Option(help: .hidden)
  var seed: UInt64 = 0
}

/// For verbs with nothing to share out and nothing random; both are taken, unseen, as in `SteadyOptions`.
struct PlainOptions: ParsableArguments, WritingOptions {
  @OptionGroup var output: OutputOptions
  @Option(help: .hidden)
  var threads: Int?
  @Option(help: .hidden)
  var seed: UInt64 = 0

  func validate() throws { try ThreadOption.check(threads) }
}
