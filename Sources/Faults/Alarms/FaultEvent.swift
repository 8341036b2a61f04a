/// One fault of a machine from its start to its end: what many windows in a row say together.
public struct FaultEvent: Sendable, Equatable {
  /// 1 for the first event of the recording.
  public var number: Int
  /// The label, and the first of its descriptions.
  public var fault: String, description: String?
  /// Whether it had not ended when the recording did.
  public var isOpen: Bool
  /// The first window of the run-up to the event that was not quiet: its probability of a fault reached the lower
  /// threshold, and from there to the start no more windows in a row were quiet than may be missed (n − k).
  public var firstSign: EventMoment
  /// The window with which the alarm was raised: the one that made k of n.
  public var start: EventMoment
  /// The last window that belongs to it; of an open event the last one so far.
  public var end: EventMoment
  /// The greatest calibrated probability of the fault, and the row of that window.
  public var peak: Double, peakRow: Int
  /// Windows that alarmed with this fault.
  public var windows: Int
  /// Windows between start and end that alarmed with other faults, by fault.
  public var others: [String: Int]
  /// Mean share of each sensor in the windows that alarmed with this fault, the greatest first.
  public var sensors: [FaultPrediction.Contribution]
  /// Lead time: the remaining life that the bundle told in the window of the start, which is how long before the
  /// failure that it foresaw the alarm came. In the units of the training manifest's targets; nil where it tells none.
  public var lead: Double?
  /// The same in the window of the first sign.
  public var leadFromFirstSign: Double?
  /// Windows of the training data that lie nearest to the window of the peak; empty where the bundle keeps none.
  public var nearestTraining: [NearWindow]
  /// Earlier events that are most alike; see `EventHistory`.
  public var nearestEvents: [EventHistory.Match] = []

  /// Sensors worth naming: those with about a tenth of the answer or more, at most three.
  public var leading: [FaultPrediction.Contribution] { Array(sensors.prefix { $0.share >= 0.095 }.prefix(3)) }
}
