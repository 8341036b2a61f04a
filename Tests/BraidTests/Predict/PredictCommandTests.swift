import Foundation
import Testing

/// Runs the built `braid` on the project's own samples. Skipped where the program or a bundle for the samples is
/// missing: the tests of `Bundles` cover what it does; here it is the command line's turn.
@Suite struct PredictCommandTests {
  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func wrongUsageIsExplained() throws {
    for (arguments, word) in [
      (["predict", "x.csv", "--every", "0"], "--every"), (["predict", "-", "--follow"], "--follow"),
      (["predict", "x.csv", "--state", "s"], "--state"),
      (["predict", "x.csv", "--follow", "--picture", "p.svg"], "--picture"),
      (["predict"], "file"),
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func aMissingBundleIsNamed() throws {
    let result = try Command.run(["predict", "x.csv", "--bundle", "/no/such.braid"])
    #expect(result.status == 1)
    #expect(result.errors.contains("/no/such.braid") && result.errors.contains("--bundle"))
  }
}

/// The built program.
enum Command {
  /// Beside the test bundle, where both products are built.
  static let path: String = {
    let own = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var folder = own.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("braid").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    return ""
  }()

  static var isBuilt: Bool { !path.isEmpty }

  /// Runs it to its end.
  static func run(
    _ arguments: [String], input: Data? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "braid-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files instead of pipes: they never fill up.
    let files = try ["in", "out", "err"].map { name in
      let file = folder.appendingPathComponent(name)
      try (name == "in" ? input ?? Data() : Data()).write(to: file)
      return file
    }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOf: files[1], encoding: .utf8),
      try String(contentsOf: files[2], encoding: .utf8)
    )
  }
}
