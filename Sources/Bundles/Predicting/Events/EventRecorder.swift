import Faults
import Files
import Foundation
import Synchronization

/// Makes events of the predictions of a run, tells each when it begins and ends, and writes them to a file: JSON lines,
/// or a CSV where the name ends in `.csv`. Any thread may use it.
public final class EventRecorder: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// When windows become an event.
    public var rule: AlarmRule
    /// The file; nil for none.
    public var path: String?
    /// Whether a file that is there already is replaced.
    public var replaces: Bool
    /// Events of other recordings, to compare with.
    public var history: [PastEvent]

    /// - Parameter path: of the file; nil for none.
    public init(
      rule: AlarmRule = .usual, path: String? = nil, replaces: Bool = false, history: [PastEvent] = []
    ) {
      (self.rule, self.path, self.replaces, self.history) = (rule, path, replaces, history)
    }
  }

  /// Events that are kept for a page; of more, the latest.
  public static let kept = 200

  /// What a restart goes on from.
  private struct Saved: Codable {
    var log: EventLog.Saved
    /// Bytes of the file that belong to the rows done with; nil without a file.
    var written: Int?
  }

  private struct State {
    var log: EventLog
    /// A file that is written whole or not at all, or one that grows.
    var whole: AtomicLines?, growing: AppendedLines?
    var events: [FaultEvent] = []
    var dropped = 0
  }

  private let options: Options
  private let tell: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// - Parameter tell: told a line when an event begins and when it ends.
  public init(_ options: Options, tell: @escaping @Sendable (String) -> Void) {
    (self.options, self.tell) = (options, tell)
    state = Mutex(State(log: EventLog(rule: options.rule, labels: [], history: options.history)))
  }

  /// When windows become an event.
  public var rule: AlarmRule { options.rule }

  private var isCSV: Bool { options.path?.lowercased().hasSuffix(".csv") == true }

  /// Begins a recording.
  /// - Parameter labels: of the fault task, in the order of the probabilities.
  public func open(labels: [String]) {
    state.withLock { $0.log = EventLog(rule: options.rule, labels: labels, history: options.history) }
  }

  /// Opens the file of a recording that has an end: it gets its name with `finish`.
  /// - Throws: `WritingError`.
  public func begin() throws {
    guard let path = options.path else { return }
    try refuseExisting(path)
    let head = isCSV ? FaultEvent.csvHeader + "\n" : ""
    try state.withLock { state in
      let file = try AtomicLines(path: path)
      try file.write(head)
      state.whole = file
    }
  }

  /// Opens the file of a recording that is followed, at its start or where `saved` was asked for.
  /// - Throws: `WritingError`; `BundleError` where it was saved with another rule.
  public func restore(_ data: Data?) throws {
    var length: Int?
    if let data {
      guard let saved = try? JSONDecoder().decode(Saved.self, from: data), saved.log.isSound else {
        throw refusal("What was saved of the alarms is damaged or of another version.")
      }
      guard saved.log.rule == options.rule else {
        throw refusal("The alarms were saved with another rule: \(saved.log.rule.words)")
      }
      length = saved.written
      state.withLock { $0.log = EventLog(saved.log, history: options.history) }
    }
    guard let path = options.path else { return }
    if length == nil { try refuseExisting(path) }
    let kept = length ?? 0, head = isCSV ? FaultEvent.csvHeader + "\n" : ""
    try state.withLock { state in
      let file = try AppendedLines(path: path, keeping: kept)
      if file.length == 0, !head.isEmpty { try file.write(head) }
      state.growing = file
    }
  }

  /// All that a restart needs.
  public func saved() throws -> Data {
    try JSONEncoder().encode(state.withLock { Saved(log: $0.log.saved, written: $0.growing?.length) })
  }

  /// Takes the next predictions.
  /// - Throws: `WritingError`.
  public func add(_ predictions: [FaultPrediction]) throws {
    let changes = try state.withLock { state in
      let changes = predictions.flatMap { state.log.add($0) }
      let ended = changes.compactMap { if case .ended(let event) = $0 { event } else { nil } }
      try write(ended, &state)
      return changes
    }
    for change in changes {
      switch change {
      case .began(let event): tell("Event \(event.number) begins. \(event.headline)")
      case .ended(let event): tell("Event \(event.number) ended. \(event.sentence)")
      }
    }
  }

  /// Ends a recording that has an end: events that go on are written as open, and the file gets its name.
  /// - Throws: `WritingError`.
  public func finish() throws {
    let open = try state.withLock { state in
      let open = state.log.open
      try write(open, &state)
      try state.whole?.commit()
      state.whole = nil
      return open
    }
    tellOpen(open)
  }

  /// Tells which events go on where following stops. They are not written: a restart goes on with them.
  public func pause() { tellOpen(state.withLock { $0.log.open }) }

  /// The latest events, and how many there were before them.
  public var events: (latest: [FaultEvent], dropped: Int) { state.withLock { ($0.events, $0.dropped) } }

  private func tellOpen(_ open: [FaultEvent]) {
    for event in open { tell("Event \(event.number) goes on. \(event.sentence)") }
  }

  private func write(_ events: [FaultEvent], _ state: inout State) throws {
    guard !events.isEmpty else { return }
    let text = events.map { (isCSV ? $0.csv : $0.json) + "\n" }.joined()
    try state.whole?.write(text)
    try state.growing?.write(text)
    state.events += events
    let surplus = max(0, state.events.count - EventRecorder.kept)
    state.events.removeFirst(surplus)
    state.dropped += surplus
  }

  private func refuseExisting(_ path: String) throws {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    guard !options.replaces, size != nil else { return }
    throw WritingError(
      path: path, reason: "There is something already.",
      remedy: "Choose another file, or replace it with --force.")
  }

  private func refusal(_ reason: String) -> BundleError {
    BundleError(
      path: options.path ?? "the saved place", reason: reason,
      remedy:
        "Use the same --alarm, --release and --hold as before, or remove the saved place and the outputs to begin anew."
    )
  }
}
