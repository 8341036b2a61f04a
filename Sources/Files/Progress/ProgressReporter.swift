import Foundation
import Synchronization

/// Tells how a piece of work goes on, on standard error: on a terminal a bar with rate and time left,
/// elsewhere one line of JSON every few seconds, and a last line in any case.
///
/// Any thread may call any method. The last line is written by `finish()`, or when the reporter goes
/// away, so that an error leaves no half-drawn bar before its message.
public final class ProgressReporter: Sendable {
  /// What is written.
  public enum Style: Sendable, Equatable {
    /// A line that is drawn again in place, of this many characters at most.
    case bar(width: Int)
    /// A line of JSON each time this many seconds have passed.
    case lines(interval: Double)
    /// Nothing at all.
    case silent

    /// A bar where standard error is a terminal, else a line every 5 seconds; nothing if `quiet`.
    public static func standard(quiet: Bool = false) -> Style {
      if quiet { return .silent }
      guard isatty(STDERR_FILENO) == 1 else { return .lines(interval: 5) }
      var size = winsize()
      let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      // One column less: a full line makes some terminals wrap.
      return .bar(width: known ? Int(size.ws_col) - 1 : 79)
    }
  }

  private struct State {
    var done = 0
    var note = ""
    var isFinished = false
    var lastWritten: Double
    var lastSample: (time: Double, done: Int)
    var rate: Double?
  }

  private let label: String
  private let total: Int?
  private let unit: String
  private let style: Style
  private let start: Double
  private let now: @Sendable () -> Double
  private let sink: @Sendable (String) -> Void
  private let state: Mutex<State>
  /// Seconds over which the rate forgets: long enough to be steady, short enough to follow a change.
  private static let memory = 10.0
  /// Seconds between two drawings of a bar.
  private static let redraw = 0.1

  /// - Parameters:
  ///   - label: what is being done, such as `train`.
  ///   - total: units in all; nil for a stream.
  ///   - unit: what is counted, such as `images`.
  ///   - now: seconds on a clock that never goes back.
  ///   - sink: takes what is written, line ends and control characters included.
  public init(
    _ label: String, total: Int? = nil, unit: String, style: Style = .standard(),
    now: @escaping @Sendable () -> Double = ProgressReporter.monotonicSeconds,
    sink: @escaping @Sendable (String) -> Void = {
      // Progress that cannot be written is no reason to stop.
      try? FileHandle.standardError.write(contentsOf: Data($0.utf8))
    }
  ) {
    (self.label, self.total, self.unit, self.style) = (label, total, unit, style)
    (self.now, self.sink) = (now, sink)
    start = now()
    state = Mutex(State(lastWritten: start, lastSample: (start, 0)))
  }

  deinit { finish() }

  /// Counts `units` more as done.
  /// - Parameter note: a short remark that stands behind the figures from now on, such as `loss 0.41`.
  public func advance(by units: Int = 1, note: String? = nil) {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.done += units
      if let note { state.note = note }
      let time = now()
      let due =
        switch style {
        case .silent: false
        case .bar: time - state.lastWritten >= Self.redraw
        case .lines(let interval): time - state.lastWritten >= interval
        }
      if due { write(&state, at: time) }
    }
  }

  /// Writes the last line; later calls of any method do nothing.
  public func finish() {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if style != .silent { write(&state, at: now()) }
    }
  }

  private func write(_ state: inout State, at time: Double) {
    state.lastWritten = time
    let elapsed = time - start
    measure(&state, at: time)
    let snapshot = ProgressSnapshot(
      label: label, unit: unit, done: state.done, total: total, elapsed: elapsed,
      rate: state.isFinished ? (elapsed > 0 ? Double(state.done) / elapsed : nil) : state.rate,
      note: state.note,
      isFinal: state.isFinished)
    switch style {
    case .silent: break
    // To the start of the line, the text, and away with what an older text left behind it.
    case .bar(let width):
      sink("\r" + snapshot.bar(width: width) + "\u{1B}[K" + (state.isFinished ? "\n" : ""))
    case .lines: sink(snapshot.json() + "\n")
    }
  }

  /// The rate of late, older times counting exponentially less.
  private func measure(_ state: inout State, at time: Double) {
    let seconds = time - state.lastSample.time
    guard seconds > 0 else { return }
    let current = Double(state.done - state.lastSample.done) / seconds
    let weight = 1 - exp(-seconds / Self.memory)
    state.rate = state.rate.map { $0 + weight * (current - $0) } ?? current
    state.lastSample = (time, state.done)
  }

  /// Seconds since an unknown moment, on a clock that never goes back.
  public static func monotonicSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
