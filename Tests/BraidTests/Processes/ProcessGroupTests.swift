import Foundation
import Testing

/// How processes are started together.
private enum Launcher {
  static let path = "/usr/bin/mpirun"
  static var words: [String] { [path, "--oversubscribe", "-np", "2"] }
  /// Without these Open MPI refuses to run in a container's only user.
  static let environment = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]

  static var isThere: Bool {
    Command.isBuilt && FileManager.default.isExecutableFile(atPath: path)
      && ["x86_64", "aarch64"].contains {
        FileManager.default.fileExists(atPath: "/usr/include/\($0)-linux-gnu/mpi/mpi.h")
      }
  }
}

/// Trainings on two processes of one machine.
@Suite(.serialized, .enabled(if: Launcher.isThere, "needs mpirun and a build with MPI (libopenmpi-dev)"))
struct ProcessGroupTests {
  private func arguments(_ out: String, epochs: Int, threads: Int) -> [String] {
    [
      "align", Command.samples + "/mixed/manifest.csv", "--accept", "--out", out, "--epochs", "\(epochs)",
      "--threads",
      "\(threads)", "--quiet",
    ]
  }

  private func losses(_ bundle: String) throws -> [[String: Double]] {
    struct Description: Decodable {
      struct Training: Decodable {
        struct Epoch: Decodable { var losses: [String: Double] }
        var history: [Epoch]
      }
      var training: Training
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: bundle + "/bundle.json"))
    return try JSONDecoder().decode(Description.self, from: data).training.history.map(\.losses)
  }

  @Test func twoProcessesLearnWhatTwoReplicasOfOneLearn() throws {
    let scratch = try Scratch()
    let one = scratch.path + "/one.braid", two = scratch.path + "/two.braid"
    let alone = try Command.run(arguments(one, epochs: 2, threads: 2))
    let together = try Command.run(
      arguments(two, epochs: 2, threads: 1), before: Launcher.words, environment: Launcher.environment)
    #expect(alone.status == 0 && together.status == 0, "\(alone.errors) \(together.errors)")
    let a = try losses(one), b = try losses(two)
    #expect(a.count == 2 && b.count == 2 && a[0].keys == b[0].keys && a[0].count >= 3)
    for (x, y) in zip(a, b) {
      for (name, value) in x { #expect(abs(value - (y[name] ?? .infinity)) < 1e-5, "\(name)") }
    }
    // Told once, by the first process.
    #expect(together.output == alone.output)
  }

  @Test func twoProcessesMeasureTheTrainingOfOne() throws {
    struct Figures: Decodable {
      var losses: [Double]
      var processes: Int
    }
    // Shares of different size: 2 rows and 3.
    let job = ["bench", "align", "--batch", "5", "--steps", "1", "--json", "--quiet", "--threads"]
    let alone = try Command.run(job + ["1"])
    let together = try Command.run(
      job + ["1"], before: Launcher.words, environment: Launcher.environment)
    #expect(alone.status == 0 && together.status == 0, "\(alone.errors) \(together.errors)")
    let one = try JSONDecoder().decode(Figures.self, from: Data(alone.output.utf8))
    let two = try JSONDecoder().decode(Figures.self, from: Data(together.output.utf8))
    #expect(one.processes == 1 && two.processes == 2 && one.losses.count == 3 && two.losses.count == 3)
    for (a, b) in zip(one.losses, two.losses) { #expect(abs(a - b) < 1e-4 * a) }
  }

  @Test func oneProcessThatIsKilledStopsTheOthersAndTheCheckpointGoesOn() throws {
    let scratch = try Scratch(), out = scratch.path + "/killed.braid"
    let job = arguments(out, epochs: 8, threads: 1)
    let process = Process(), errors = scratch.path + "/errors"
    try scratch.write("errors", [])
    process.executableURL = URL(fileURLWithPath: Launcher.path)
    process.arguments = Launcher.words.dropFirst() + [Command.path] + job
    process.environment = ProcessInfo.processInfo.environment.merging(Launcher.environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    // The first checkpoint comes after the first epoch.
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: out + ".training/checkpoint.safetensors") {
      Thread.sleep(forTimeInterval: 0.1)
    }
    let members = try children(of: process.processIdentifier)
    try #require(members.count == 2)
    kill(members[1], SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationStatus != 0)
    let told = try String(contentsOfFile: errors, encoding: .utf8)
    #expect(told.contains("another process of this training has ended") && told.contains("--resume"))
    #expect(!FileManager.default.fileExists(atPath: out))
    let resumed = try Command.run(
      job + ["--resume"], before: Launcher.words, environment: Launcher.environment)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try losses(out).count >= 2)
  }

  @Test func anErrorOfTheFirstProcessEndsAll() throws {
    let scratch = try Scratch()
    try scratch.write("taken.braid/notes.txt", Array("mine".utf8))
    let result = try Command.run(
      arguments(scratch.path + "/taken.braid", epochs: 1, threads: 1), before: Launcher.words,
      environment: Launcher.environment)
    #expect(result.status != 0 && result.errors.contains("taken.braid"), "\(result.errors)")
    #expect(try scratch.names() == ["taken.braid", "taken.braid/notes.txt"])
  }

  /// Processes that a process has started, in the order of their numbers.
  private func children(of parent: Int32) throws -> [Int32] {
    try String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
      .split(separator: " ").compactMap { Int32($0) }.sorted()
  }
}
