import ArgumentParser
import Bundles
import Faults
import Foundation

/// Where events go, and what they are compared with.
struct EventOptions: ParsableArguments {
  @OptionGroup var alarms: AlarmOptions
  @Option(
    help:
      """
      File of events, one JSON object (or line of a .csv) for each when it ends; those that go on at the end of the input \
      are marked open. With --follow it grows, and open events wait for their end.
      """)
  var events: String?
  @Option(help: "Events of other recordings (JSON lines that --events wrote) to look for similar ones in.")
  var history: String?
  @Option(
    help: "Page of the run as one HTML file: events, sensors, probabilities and contributions over time.")
  var page: String?

  /// Refuses what does not go together.
  /// - Parameter others: further files that the verb writes.
  func check(follows: Bool, others: [String?]) throws {
    if follows && page != nil {
      throw ValidationError("--page needs an input that ends; make it from the file without --follow.")
    }
    if let history, history == events { throw ValidationError("--history and --events name the same file.") }
    let files = ([events, page] + others).compactMap { $0 }
    for file in Set(files) where files.count(where: { $0 == file }) > 1 {
      throw ValidationError("Two outputs name the same file, \(file).")
    }
  }

  /// - Parameter isQuiet: whether events are told on standard error.
  func recorder(replacing: Bool, isQuiet: Bool) throws -> EventRecorder {
    var past: [PastEvent] = []
    if let history {
      guard let data = FileManager.default.contents(atPath: history) else {
        throw BundleError(
          path: history, reason: "The history cannot be read.",
          remedy: "Name a file of JSON lines that --events wrote with --history.")
      }
      past = try EventHistory.read(
        String(decoding: data, as: UTF8.self), source: URL(fileURLWithPath: history).lastPathComponent)
    }
    let options = EventRecorder.Options(rule: alarms.rule, path: events, replaces: replacing, history: past)
    return EventRecorder(options) { if !isQuiet { Output.note($0) } }
  }
}
