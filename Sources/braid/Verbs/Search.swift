import ArgumentParser
import Bundles
import Foundation

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the inputs, of any modality, that lie nearest to a text, an image or a series.")

  @Argument(help: "What to look for, in words.")
  var text: String?
  @Option(help: "An image or clip to look for instead of a text.")
  var image: String?
  @Option(help: "A recording to look for instead of a text.")
  var series: String?
  @Option(
    name: .customLong("in"), help: "Folder to search, with everything below it; can be given several times.")
  var folders: [String]
  @Option(help: "Inputs to name, the nearest first.")
  var top = 10
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    guard [text, image, series].compactMap({ $0 }).count == 1 else {
      throw ValidationError("Give one text, or one of --image FILE and --series FILE.")
    }
    guard !folders.isEmpty else { throw ValidationError("Name a folder with --in.") }
    if top < 1 { throw ValidationError("--top (\(top)) must be at least 1.") }
  }

  func run() throws {
    let query: SearchJob.Query = text.map { .text($0) } ?? .file(image ?? series ?? "")
    let progress = Progress(quiet: shared.quiet, unit: "inputs")
    let outcome = try SearchJob(
      query: query, folders: folders, top: top, bundle: bundle.load(), threads: shared.threadCount
    ) { done, total in progress.report(done, of: total, "searching") }.run()
    progress.end()
    for hit in outcome.hits {
      if shared.json {
        try Output.json(hit)
      } else {
        let rows = hit.rows.map { ", rows \($0[0]) to \($0[1])" } ?? ""
        Output.line(
          "\(hit.rank). \(String(format: "%.3f", hit.similarity))  \(hit.path) (\(hit.kind.rawValue)\(rows))")
      }
    }
    for error in outcome.refused {
      Output.note("\(error)")
      if shared.json { try Output.json(RefusedFile(error)) }
    }
    if !outcome.refused.isEmpty { throw ExitCode(2) }
  }
}
