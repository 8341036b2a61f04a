import Files
import Synchronization

/// Progress of a job that has several stages, one after the other. Any thread may report.
final class Progress: Sendable {
  private struct State {
    var stage = ""
    var done = 0
    var reporter: ProgressReporter?
  }

  private let quiet: Bool
  private let unit: String
  private let state = Mutex(State())

  /// - Parameter unit: what is counted.
  init(quiet: Bool, unit: String = "steps") { (self.quiet, self.unit) = (quiet, unit) }

  /// - Parameter what: the stage, and after the first comma what there is to say of it.
  func report(_ done: Int, of total: Int, _ what: String) {
    let parts = what.split(separator: ",", maxSplits: 1)
    let stage = parts.first.map(String.init) ?? ""
    let note = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
    state.withLock { state in
      if stage != state.stage {
        state.reporter?.finish()
        state.reporter = ProgressReporter(
          stage, total: total > 1 ? total : nil, unit: unit, style: .standard(quiet: quiet))
        (state.stage, state.done) = (stage, 0)
      }
      state.reporter?.advance(by: max(0, done - state.done), note: String(note))
      state.done = max(state.done, done)
    }
  }

  /// Writes the last line of the last stage.
  func end() { state.withLock { $0.reporter?.finish() } }
}
