import Foundation

/// A `braid predict` that runs beside the test and may be killed at any moment.
final class RunningPredict {
  private let process: SpawnedProcess
  private let errors: String

  /// - Parameter errors: file for what it says on standard error.
  init(_ arguments: [String], errors: String) throws {
    self.errors = errors
    process = try SpawnedProcess([Command.path, "predict"] + arguments, errors: errors)
  }

  var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  func kill() { process.end(SIGKILL) }

  /// Waits until a file has so many lines, at most `seconds`, and ends the program in order.
  func finish(_ file: String, lines: Int, seconds: Int) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end, RunningPredict.lines(file).count < lines, process.isRunning {
      usleep(100_000)
    }
    process.end(SIGTERM)
  }

  static func lines(_ file: String) -> [String] {
    ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }
}
