import Bundles
import Foundation
import Testing

/// Places of the package's files.
enum Package {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static var samples: String { root + "/Samples" }

  /// The built command; nil where only the tests were built.
  static let command: String? = ["release", "debug"].map { "\(root)/.build/\($0)/braid" }
    .filter { FileManager.default.isExecutableFile(atPath: $0) }
    .max { modified($0) < modified($1) }

  private static func modified(_ path: String) -> Date {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .distantPast
  }
}

/// A new folder that is removed when the test is over.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "braid-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A bundle trained for a moment on the project's phantoms: it answers badly, but in all ways that a real one does.
enum TinyBundle {
  /// Trained once for all tests of a run.
  static let shared: Result<(bundle: ModelBundle, path: String), any Error> = Result { try train() }

  static func load() throws -> ModelBundle { try shared.get().bundle }

  /// What it was trained on.
  static func manifest() throws -> String {
    _ = try shared.get()
    return try #require(folder).path + "/manifest.csv"
  }

  /// How it was trained.
  static func recipePath() throws -> String {
    _ = try shared.get()
    return try #require(folder).path + "/recipe.yaml"
  }

  private static let folder = try? TemporaryFolder()

  private static func train() throws -> (bundle: ModelBundle, path: String) {
    let base = try #require(folder).path
    let source = try String(contentsOfFile: Package.samples + "/mixed/manifest.csv", encoding: .utf8)
    let lines = source.split(separator: "\n").map(String.init)
    // Pictures, clips and a few recordings; paths are made absolute, since the manifest stands elsewhere.
    let rows =
      lines.filter { $0.contains("chest-phantom") || $0.contains("chest-cine") }
      + lines.filter { $0.contains(",machine,") }.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
    let text = ([lines[0]] + rows).joined(separator: "\n")
      .replacingOccurrences(of: ",../", with: ",\(Package.samples)/")
    try text.write(toFile: base + "/manifest.csv", atomically: true, encoding: .utf8)
    let labels = try String(contentsOfFile: Package.samples + "/mixed/labels.csv", encoding: .utf8)
    try labels.write(toFile: base + "/labels.csv", atomically: true, encoding: .utf8)
    var options = AlignJob.Options(manifest: base + "/manifest.csv", out: base + "/tiny.braid", threads: 2)
    options.epochs = 3
    // Three epochs teach no finding, which is what most tests need.
    options.accept = true
    options.recipe = base + "/recipe.yaml"
    try Data(recipe.utf8).write(to: URL(filePath: base + "/recipe.yaml"))
    _ = try AlignJob(options) { _, _, _ in }.run()
    return (try ModelBundle(path: base + "/tiny.braid"), base + "/tiny.braid")
  }

  private static let recipe = """
    batch: 16
    embedding: 32
    contrast: infoNCE
    """
}
