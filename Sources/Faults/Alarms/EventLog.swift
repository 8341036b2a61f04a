/// Follows a recording from prediction to prediction and tells its events, each with the earlier ones that are most
/// like it.
public struct EventLog: Sendable {
  /// What a restart goes on from.
  public struct Saved: Sendable, Codable, Equatable {
    var tracker: AlarmTracker
    var own: [PastEvent]

    /// The rule that it was saved with.
    public var rule: AlarmRule { tracker.rule }

    /// Whether its parts fit together, as those of a damaged file might not.
    public var isSound: Bool { tracker.isSound }
  }

  private var tracker: AlarmTracker
  private var history: EventHistory

  /// - Parameters:
  ///   - labels: of the fault task, in the order of `FaultPrediction.probabilities`.
  ///   - history: events of other recordings.
  public init(rule: AlarmRule = .usual, labels: [String], history: [PastEvent] = []) {
    tracker = AlarmTracker(rule: rule, labels: labels)
    self.history = EventHistory(others: history)
  }

  /// Goes on where another log was.
  public init(_ saved: Saved, history: [PastEvent] = []) {
    tracker = saved.tracker
    self.history = EventHistory(others: history)
    self.history.own = saved.own
  }

  /// All that is needed to go on later.
  public var saved: Saved { Saved(tracker: tracker, own: history.own) }

  /// When windows become an event.
  public var rule: AlarmRule { tracker.rule }

  /// Takes the next window; tells what begins and what ends with it.
  public mutating func add(_ prediction: FaultPrediction) -> [AlarmTracker.Change] {
    tracker.add(prediction).map { change in
      switch change {
      case .began(let event): return .began(matched(event))
      case .ended(let event):
        let whole = matched(event)
        history.add(whole)
        return .ended(whole)
      }
    }
  }

  /// Events that have begun and not ended.
  public var open: [FaultEvent] { tracker.open.map(matched) }

  private func matched(_ event: FaultEvent) -> FaultEvent {
    var event = event
    event.nearestEvents = history.nearest(to: event)
    return event
  }
}
