import Foundation

/// A program beside the test. Unlike with `Process`, no signal is blocked in it, whatever thread starts it: some
/// programs wait for signals with the mask that they were given.
final class SpawnedProcess {
  let identifier: pid_t
  private var isOver = false

  /// - Parameters:
  ///   - arguments: the path of the program first.
  ///   - errors: file for standard error; standard output goes nowhere.
  init(_ arguments: [String], environment: [String: String] = [:], errors: String = "/dev/null") throws {
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t(), none = sigset_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = arguments.map { strdup($0) } + [nil], names = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + names).forEach { free($0) } }
    var made = pid_t()
    let code = posix_spawn(&made, arguments[0], &actions, &attributes, &words, &names)
    guard code == 0 else { throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: arguments[0]]) }
    identifier = made
  }

  deinit { end(SIGKILL) }

  var isRunning: Bool {
    if !isOver, waitpid(identifier, nil, WNOHANG) == identifier { isOver = true }
    return !isOver
  }

  /// Sends a signal and waits until the program is gone.
  func end(_ signal: Int32) {
    guard isRunning else { return }
    kill(identifier, signal)
    waitpid(identifier, nil, 0)
    isOver = true
  }
}
