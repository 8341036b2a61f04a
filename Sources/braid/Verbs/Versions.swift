import ArgumentParser
import Bundles
import Foundation

struct Versions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the versions of a bundle that learned on, and switches between them.",
    discussion:
      "Earlier versions lie whole in BUNDLE/versions/NUMBER and can be named with --bundle as they are.")

  @Argument(help: "Folder of the bundle.")
  var bundle: String
  @Option(name: .customLong("switch"), help: "Number of the version that is to answer; all others are kept.")
  var number: Int?
  @OptionGroup var shared: PlainOptions

  func run() throws {
    let versions = BundleVersions(path: bundle)
    if let number { _ = try versions.use(number) }
    for entry in try versions.entries() {
      if shared.json { try Output.json(entry) } else { Output.line(Self.line(entry)) }
    }
  }

  private static func line(_ entry: BundleVersions.Entry) -> String {
    let rows = entry.rows["train"].map { "\($0) train rows" } ?? "no rows"
    func figure(_ name: String, _ value: Double?) -> String {
      value.map { ", \(name) \(String(format: "%.3f", $0))" } ?? ""
    }
    return "\(entry.isCurrent ? "*" : " ") \(entry.version)  \(entry.created)  \(entry.manifest), \(rows)"
      + (entry.parent.map { ", from version \($0)" } ?? "") + figure("accuracy", entry.accuracy)
      + figure("macro F1", entry.macroF1) + figure("recall of old labels", entry.oldRecall)
      + "; \(entry.labels.joined(separator: ", "))"
  }
}
