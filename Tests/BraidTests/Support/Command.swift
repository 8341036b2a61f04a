import Foundation

/// The built program.
enum Command {
  /// What came of a run.
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// Whether nothing of the program's inside shows: no type names, no traces, no escape codes.
    var isPlain: Bool {
      ![
        "Fatal error", "Stack dump", "DecodingError", "BundleError", "WritingError", "Optional(", "Swift.",
        "NSCocoa",
      ]
      .contains { errors.contains($0) }
    }
  }

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

  /// The folder of the package.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static var samples: String { package + "/Samples" }
  static var base: String { package + "/Encoders/base" }

  /// Runs it to its end.
  /// - Parameters:
  ///   - before: a program and its arguments that start it, such as one that changes the user.
  ///   - output: where standard output goes instead of into the result.
  static func run(
    _ arguments: [String], input: Data? = nil, before: [String] = [], environment: [String: String] = [:],
    output: String? = nil, in place: String? = nil
  ) throws -> Result {
    let process = Process(), words = before + [path] + arguments
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let place { process.currentDirectoryURL = URL(fileURLWithPath: place) }
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
    process.standardOutput = try FileHandle(forWritingTo: output.map { URL(fileURLWithPath: $0) } ?? files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: files[1], encoding: .utf8),
      errors: try String(contentsOf: files[2], encoding: .utf8))
  }
}
