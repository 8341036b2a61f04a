import Foundation
import Testing

/// A training of some seconds on made-up recordings, to be cut off and gone on with.
struct SmallTraining {
  let scratch: Scratch
  var manifest: String { scratch.path + "/manifest.csv" }

  init() throws {
    scratch = try Scratch()
    var lines = ["id,label,series,start,end"], state: UInt64 = 7
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
    for run in 0..<24 {
      let label = ["steady", "hot", "shaking"][run % 3]
      var rows = ["flow,temperature,vibration"]
      for _ in 0..<40 {
        let values = [5 + noise(), (run % 3 == 1 ? 48 : 40) + noise(), (run % 3 == 2 ? 6 : 1) * noise()]
        rows.append(values.map { String(format: "%.4f", $0) }.joined(separator: ","))
      }
      try scratch.write("r\(run).csv", (rows.joined(separator: "\n") + "\n").utf8)
      for part in 0..<2 {
        lines.append("w\(run)-\(part),\(label),r\(run).csv,\(part * 20 + 1),\(part * 20 + 20)")
      }
    }
    // Three steps an epoch.
    try scratch.write("recipe.yaml", "batch: 8\ncontrast: infoNCE\n".utf8)
    try scratch.write("manifest.csv", (lines.joined(separator: "\n") + "\n").utf8)
  }

  func arguments(_ out: String, _ more: [String] = []) -> [String] {
    let recipe = more.contains("--recipe") ? [] : ["--recipe", path("recipe.yaml")]
    return ["align", manifest, "--out", out, "--epochs", "4", "--threads", "1", "--seed", "5", "--quiet"]
      + recipe
      + more
  }

  func path(_ name: String) -> String { scratch.path + "/" + name }

  func run(_ out: String, _ more: [String] = []) throws -> Command.Result {
    try Command.run(arguments(out, more))
  }

  /// Kills it as soon as `condition` holds.
  /// - Returns: whether it was still running.
  func killed(_ out: String, _ more: [String] = [], when condition: () -> Bool) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.path)
    process.arguments = arguments(out, more)
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    while process.isRunning && !condition() { usleep(500) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  /// The checkpoint of a training whose bundle goes to `out`.
  static func checkpoint(_ out: String) -> String { out + ".training/checkpoint.safetensors" }

  static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  /// Weights of a bundle that was finished without a break; trained once a run.
  static let whole: Result<Data, any Error> = Result {
    let training = try SmallTraining(), out = training.path("whole.braid")
    let result = try training.run(out)
    try #require(result.status == 0, "\(result.errors)")
    return try bytes(out + "/weights.safetensors")
  }
}
