import Alignment
import ArgumentParser
import Bundles
import Decoders
import Files
import Foundation
import Training

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings images, clips, recordings and texts into the shared space.",
    discussion: """
      One JSON object an input, with its embedding (unit length). A recording longer than a training window gets the \
      direction of the mean of its windows. --npy writes all embeddings as one array, rows in the order of the output.
      """)

  @Argument(help: "Files, or folders that are walked with everything below them.")
  var paths: [String] = []
  @Option(help: "A text to embed; can be given several times.")
  var text: [String] = []
  @Option(help: "File for all embeddings as one numpy array, [inputs, width].")
  var npy: String?
  @Flag(help: "Replace an existing array.")
  var force = false
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  private struct Row: Encodable {
    var path: String?
    var text: String?
    var kind: String
    var embedding: [Float]
  }

  func validate() throws {
    if paths.isEmpty, text.isEmpty {
      throw ValidationError("Name at least one file or folder, or a text with --text.")
    }
  }

  func run() throws {
    if let npy, !force, FileManager.default.fileExists(atPath: npy) {
      throw BundleError(path: npy, reason: "There is something already.", remedy: "Replace it with --force.")
    }
    let bundle = try bundle.load(), embedder = Embedder(bundle)
    let walk = FileWalk(paths), files = walk.files
    var rows = try text.map { Row(text: $0, kind: "text", embedding: try embedder.place(text: $0)) }
    let progress = Progress(quiet: shared.quiet || files.count < 2, unit: "inputs")
    let team = ReplicaTeam(min(shared.threadCount, max(1, files.count)))
    var refused = 0
    for row in rows { try Output.json(row) }
    for start in stride(from: 0, to: files.count, by: 4 * team.count) {
      let end = min(files.count, start + 4 * team.count)
      let found = try team.map(end - start) { index -> Result<Embedder.Place, Decoders.DecodingError> in
        do throws(Decoders.DecodingError) {
          return .success(try embedder.place(files[start + index].path))
        } catch {
          return .failure(error)
        }
      }
      for (file, result) in zip(files[start..<end], found) {
        switch result {
        case .success(let place):
          let row = Row(path: place.path, kind: place.kind.rawValue, embedding: place.embedding)
          try Output.json(row)
          rows.append(row)
        case .failure(let error):
          if FileWalk.isNoInput(error, isNamed: file.isNamed) { continue }
          refused += 1
          Output.note("\(error)")
          try Output.json(RefusedFile(error))
        }
      }
      progress.report(end, of: files.count, "embedding")
    }
    progress.end()
    if let npy, let width = rows.first?.embedding.count {
      try AtomicFile.write(NPYWriter.encode(rows.flatMap(\.embedding), shape: [rows.count, width]), to: npy)
    }
    for error in walk.refused {
      Output.note("\(error)")
      try Output.json(RefusedFile(error))
    }
    refused += walk.refused.count
    if rows.isEmpty, refused == 0 {
      throw BundleError(
        path: paths.joined(separator: ", "), reason: "There is no scan and no recording.",
        remedy: "Check the path.")
    }
    if refused > 0 { throw ExitCode(2) }
  }
}
