/// An event while it goes on: sums instead of windows, so that it may last for years.
struct EventTally: Sendable, Equatable, Codable {
  let number: Int
  let fault: String
  private let description: String?
  private let firstSign: EventMoment, start: EventMoment
  private let lead: Double?, leadFromFirstSign: Double?
  private var end: EventMoment
  private var peak = -1.0, peakRow = 0, windows = 0
  private var others: [String: Int] = [:]
  private var sensors: [String] = [], sums: [Double] = []
  private var nearest: [NearWindow] = []

  /// - Parameter last: the window with which the alarm is raised.
  init(number: Int, fault: String, sign: AlarmWindow, last: AlarmWindow) {
    (self.number, self.fault, description) = (number, fault, last.description)
    (firstSign, start, end) = (sign.moment, last.moment, last.moment)
    (lead, leadFromFirstSign) = (last.remaining, sign.remaining)
  }

  /// Takes in a window that alarms with this fault.
  mutating func add(_ window: AlarmWindow) {
    windows += 1
    extend(to: window)
    if window.probability > peak {
      (peak, peakRow, nearest) = (window.probability, window.moment.row, window.nearest)
    }
    for (sensor, share) in zip(window.sensors, window.shares) {
      if let place = sensors.firstIndex(of: sensor) {
        sums[place] += share
      } else {
        sensors.append(sensor)
        sums.append(share)
      }
    }
  }

  /// Counts a window that alarms with another fault.
  mutating func add(other fault: String) { others[fault, default: 0] += 1 }

  mutating func extend(to window: AlarmWindow) {
    if window.moment.row > end.row { end = window.moment }
  }

  func event(isOpen: Bool) -> FaultEvent {
    let means = zip(sensors, sums).map {
      FaultPrediction.Contribution(sensor: $0, share: $1 / Double(max(1, windows)))
    }
    let sorted = means.enumerated().sorted {
      ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
    }
    return FaultEvent(
      number: number, fault: fault, description: description, isOpen: isOpen, firstSign: firstSign,
      start: start, end: end, peak: max(0, peak), peakRow: peakRow, windows: windows, others: others,
      sensors: sorted.map(\.element), lead: lead, leadFromFirstSign: leadFromFirstSign,
      nearestTraining: nearest)
  }
}
