import Foundation

/// A `braid predict` that runs beside the test and may be killed at any moment.
final class RunningPredict {
  private let process = Process()
  private let errors: String

  /// - Parameter errors: file for what it says on standard error.
  init(_ arguments: [String], errors: String, environment: [String: String] = [:]) throws {
    self.errors = errors
    FileManager.default.createFile(atPath: errors, contents: nil)
    process.executableURL = URL(fileURLWithPath: Command.path)
    process.arguments = ["predict"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
  }

  var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Waits until a file has so many lines, at most `seconds`, and ends the program in order.
  func finish(_ file: String, lines: Int, seconds: Int) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end, RunningPredict.lines(file).count < lines, process.isRunning { usleep(100_000) }
    process.terminate()
    process.waitUntilExit()
  }

  static func lines(_ file: String) -> [String] {
    ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }
}
