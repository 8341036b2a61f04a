/// An event of before, as much of it as later ones are compared with.
public struct PastEvent: Sendable, Equatable, Codable {
  /// Where it was seen: the file of the history, or `this recording`.
  public var source: String
  /// Its number there.
  public var number: Int
  /// Its label.
  public var fault: String
  /// Its start.
  public var start: EventMoment
  /// Mean shares by sensor.
  public var sensors: [String: Double]

  /// What events of the recording that is being read are told to be in.
  public static let here = "this recording"

  /// - Parameter sensors: mean shares by sensor.
  public init(source: String, number: Int, fault: String, start: EventMoment, sensors: [String: Double]) {
    (self.source, self.number, self.fault, self.start) = (source, number, fault, start)
    self.sensors = sensors
  }

  init(_ event: FaultEvent) {
    self.init(
      source: PastEvent.here, number: event.number, fault: event.fault, start: event.start,
      sensors: Dictionary(event.sensors.map { ($0.sensor, $0.share) }) { first, _ in first })
  }
}
