import ArgumentParser
import Bundles

/// The command line: one verb a file in `Verbs`.
@main
struct Braid: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "braid",
    abstract:
      "Drafts reports from scans, predicts faults from sensor streams, aligns images, series and text.",
    version: BraidVersion.current,
    subcommands: [
      Align.self,
      Bench.self,
      Embed.self,
      Evaluate.self,
      GradeSensors.self,
      Import.self,
      Inspect.self,
      Predict.self,
      Report.self,
      Route.self,
      Search.self,
      Sign.self,
      Versions.self,
    ])
}
