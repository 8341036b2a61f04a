import ArgumentParser
import Bundles
import Decoders
import Foundation
import Training

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decodes and describes images, clips and sensor recordings.",
    discussion: """
      One object a file: kind, format, shape (numpy's), dtype, min, max, mean and metadata. Values are those that a \
      viewer would show, or with --stored those of the file. A file that cannot be read gives an object with code, \
      reason and remedy, and exit code 2.
      """)

  @Argument(help: "Files, or folders that are walked with everything below them.")
  var paths: [String]
  @Option(help: "Folder to write each array into, as FILENAME.npy.")
  var npy: String?
  @Flag(help: "Values as the file stores them: no orientation, rescale, window or colour conversion.")
  var stored = false
  @Option(help: "Evenly spaced frames to take of a clip; all by default.")
  var frames: Int?
  @Flag(help: "Let a patient's name, id and birth date into the metadata.")
  var identified = false
  @Flag(help: "Replace existing arrays.")
  var force = false
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("Name at least one file or folder.") }
    if let frames, frames < 1 { throw ValidationError("--frames (\(frames)) must be at least 1.") }
  }

  func run() throws {
    var inspector = Inspector()
    (inspector.npy, inspector.stored, inspector.frames, inspector.identified) = (
      npy, stored, frames, identified
    )
    let walk = FileWalk(paths), files = walk.files
    let names = ArrayNames.of(files.map(\.path))
    if let npy, !force {
      for name in names where FileManager.default.fileExists(atPath: "\(npy)/\(name).npy") {
        throw BundleError(
          path: "\(npy)/\(name).npy", reason: "There is something already.",
          remedy: "Choose another --npy, or replace it with --force.")
      }
    }
    let team = ReplicaTeam(min(shared.threadCount, max(1, files.count)))
    let progress = Progress(quiet: shared.quiet || files.count < 20, unit: "files")
    var refused = 0
    // Some at a time, so that results come while the rest is read, in order.
    for start in stride(from: 0, to: files.count, by: 2 * team.count) {
      let end = min(files.count, start + 2 * team.count)
      let inspector = inspector
      let found = try team.map(end - start) { index in
        try inspector.inspect(files[start + index].path, name: names[start + index])
      }
      for inspection in found {
        if inspection.error != nil { refused += 1 }
        try show(inspection)
      }
      progress.report(end, of: files.count, "inspecting")
    }
    progress.end()
    for error in walk.refused { try show(Inspection(refused: error)) }
    if refused + walk.refused.count > 0 { throw ExitCode(2) }
  }

  private func show(_ inspection: Inspection) throws {
    if let error = inspection.error {
      Output.note(
        "\(inspection.path)\(error.place.map { ", \($0)" } ?? ""): \(error.reason) \(error.remedy)")
    }
    if shared.json {
      try Output.json(inspection)
    } else {
      InspectionText.lines(inspection).forEach(Output.line)
    }
  }
}

/// Names of arrays: the file's own, with folders in front where two files have the same.
enum ArrayNames {
  static func of(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." } }
    var depths = [Int](repeating: 1, count: paths.count)
    func name(_ index: Int) -> String { parts[index].suffix(depths[index]).joined(separator: "-") }
    while true {
      let same = Dictionary(grouping: paths.indices, by: name).values.filter { $0.count > 1 }.joined()
        .filter { depths[$0] < parts[$0].count }
      if same.isEmpty { break }
      for index in same { depths[index] += 1 }
    }
    return paths.indices.map(name)
  }
}

/// An inspection for people.
enum InspectionText {
  static func lines(_ inspection: Inspection) -> [String] {
    if let error = inspection.error {
      return ["\(inspection.path): refused (\(error.code.rawValue)). \(error.reason)"]
    }
    func number(_ value: Double?) -> String { value.map { String(format: "%g", $0) } ?? "none" }
    let shape = (inspection.shape ?? []).map(String.init).joined(separator: " x ")
    var lines = [
      "\(inspection.path): \(inspection.kind?.rawValue ?? "") (\(inspection.format?.rawValue ?? "")), \(shape) "
        + "\(inspection.dtype ?? ""), \(number(inspection.min)) to \(number(inspection.max)), mean \(number(inspection.mean))"
    ]
    for (key, value) in inspection.metadata ?? Metadata() { lines.append("  \(key): \(text(value))") }
    if let npy = inspection.npy { lines.append("  written to \(npy)") }
    return lines
  }

  private static func text(_ value: MetadataValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    case .number(let number): String(format: "%g", number)
    case .bool(let bool): bool ? "yes" : "no"
    case .list(let list): list.map(text).joined(separator: ", ")
    }
  }
}
