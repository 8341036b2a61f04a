import ArgumentParser
import Bundles
import Foundation

struct Route: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells what the modality selector would do with each input, and why.",
    discussion: """
      For each input the task whose training data it resembles most, the head that answers there, how far it is \
      trusted, its share in the answer, and the reasons. All inputs named are one case; files in folders that are \
      neither scans nor recordings are passed over.
      """)

  @Argument(help: "Files, or folders that are walked with everything below them.")
  var paths: [String]
  @OptionGroup var bundle: BundleOption
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("Name at least one file or folder.") }
  }

  func run() throws {
    let outcome = try RouteJob(paths: paths, bundle: bundle.load(), threads: shared.threadCount).run()
    for decision in outcome.decisions {
      if shared.json {
        try Output.json(decision)
        continue
      }
      let choice = decision.choice
      let share = choice.used ? "used, weight \(String(format: "%.2f", choice.weight))" : "left out"
      Output.line(
        "\(decision.path) (\(choice.kind)): \(choice.head.rawValue) head, task \(choice.task), \(share)")
      for reason in choice.reasons { Output.line("  \(reason)") }
      let others = decision.alternatives.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        .map { "\($0.key) \(String(format: "%.1f", $0.value))" }
      Output.line(
        "  Distance from the training data in units of the usual one: \(others.joined(separator: ", ")).")
      if !decision.nearest.isEmpty {
        Output.line("  Nearest in training: \(decision.nearest.joined(separator: ", ")).")
      }
    }
    for error in outcome.refused {
      Output.note("\(error)")
      if shared.json { try Output.json(RefusedFile(error)) }
    }
    if !shared.quiet, !outcome.passedOver.isEmpty {
      Output.note("Passed over: \(outcome.passedOver.joined(separator: ", ")).")
    }
    if outcome.decisions.isEmpty, outcome.refused.isEmpty {
      throw BundleError(
        path: paths.joined(separator: ", "), reason: "There is no scan and no recording.",
        remedy: "Check the path.")
    }
    if !outcome.refused.isEmpty { throw ExitCode(2) }
  }
}
