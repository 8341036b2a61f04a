/// Makes events of the predictions of a recording, one window after the other.
///
/// What a machine goes through between two quiet times is one stretch of trouble. Its first event begins by the
/// rule's k of n. A fault has one event a stretch at most, however often the answer turns to another and back, and
/// all events of a stretch end with it: until the machine is quiet, nobody knows that a fault is gone. Another fault
/// than the first gets an event of its own in the same stretch only where it lasts, that is where all of the last n
/// windows alarm with it: two faults between which the answer wavers are one event, which counts the windows that
/// named the other, and a second fault that comes to stay is told. Memory holds the last n windows and sums.
public struct AlarmTracker: Sendable, Equatable, Codable {
  /// Something to tell.
  public enum Change: Sendable, Equatable {
    /// An event begins.
    case began(FaultEvent)
    /// An event is over.
    case ended(FaultEvent)
  }

  /// When windows become an event, and when it is over.
  public let rule: AlarmRule
  private let isNormal: [Bool]
  /// The last n windows of the stretch, or before it.
  private var recent: [AlarmWindow] = []
  /// Where the run-up to an event begins; nil while all is quiet.
  private var sign: AlarmWindow?
  /// Quiet windows in a row.
  private var quiet = 0
  /// Events of the stretch, at most one a fault.
  private var tallies: [EventTally] = []
  /// The one that the answer named last.
  private var current = 0
  private var begun = 0

  /// - Parameter labels: of the fault task, in the order of `FaultPrediction.probabilities`; empty where the answers
  ///   carry none.
  public init(rule: AlarmRule = .usual, labels: [String]) {
    (self.rule, isNormal) = (rule, labels.map(NormalLabel.isNormal))
  }

  /// Whether its parts fit together, as those of a damaged file might not.
  var isSound: Bool {
    (tallies.isEmpty || tallies.indices.contains(current))
      && rule == AlarmRule(needed: rule.needed, of: rule.of, release: rule.release, hold: rule.hold)
  }

  /// Events that have begun and not ended.
  public var open: [FaultEvent] { tallies.map { $0.event(isOpen: true) } }

  /// Takes the next window.
  public mutating func add(_ prediction: FaultPrediction) -> [Change] {
    let window = AlarmWindow(prediction, isNormal: isNormal)
    recent.append(window)
    if recent.count > rule.of { recent.removeFirst() }
    watch(window)
    var changes: [Change] = []
    if window.alarm, let fault = window.fault {
      if let event = name(fault, window) { changes.append(.began(event)) }
    } else if window.isUp(rule), !tallies.isEmpty {
      tallies[current].extend(to: window)
    }
    if !tallies.isEmpty, quiet >= rule.hold {
      changes += tallies.map { .ended($0.event(isOpen: false)) }
      // Windows of before must not help the next event to begin.
      (tallies, current, recent, sign) = ([], 0, [], nil)
    }
    return changes
  }

  /// Keeps where the run-up begins.
  private mutating func watch(_ window: AlarmWindow) {
    guard !window.isUp(rule) else {
      quiet = 0
      if sign == nil { sign = window }
      return
    }
    quiet += 1
    if tallies.isEmpty, quiet > rule.of - rule.needed { sign = nil }
  }

  /// Counts an alarm; returns the event that begins with it.
  private mutating func name(_ fault: String, _ window: AlarmWindow) -> FaultEvent? {
    if let place = tallies.firstIndex(where: { $0.fault == fault }) {
      tallies[place].add(window)
      current = place
      return nil
    }
    let same = recent.filter { $0.alarm && $0.fault == fault }
    guard same.count >= (tallies.isEmpty ? rule.needed : rule.of) else {
      if !tallies.isEmpty {
        tallies[current].add(other: fault)
        tallies[current].extend(to: window)
      }
      return nil
    }
    begun += 1
    let first = tallies.isEmpty ? sign ?? same[0] : same[0]
    var tally = EventTally(number: begun, fault: fault, sign: first, last: window)
    same.forEach { tally.add($0) }
    if tallies.isEmpty {
      for other in recent where other.alarm && other.fault != fault { tally.add(other: other.fault ?? "") }
    }
    tallies.append(tally)
    current = tallies.count - 1
    return tally.event(isOpen: true)
  }
}
