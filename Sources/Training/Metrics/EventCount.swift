/// Sums up recording by recording what `EventFigures` tell.
public struct EventCount: Sendable {
  private var recordings = 0, windows = 0, normalWindows = 0
  private var truth = 0, named = 0, events = 0, falseAlarms = 0
  private var rows: [Double] = []
  private var seconds: [Double]? = []
  private var normalSeconds: Double? = 0

  /// Nothing counted yet.
  public init() {}

  /// One recording.
  /// - Parameters:
  ///   - faults: of each window in order; nil where nothing is wrong.
  ///   - ends: last row of each window.
  ///   - times: begin and end of each window in seconds; nil where they are not known.
  ///   - starts: each event that begins: the window with which it does, and the fault that it names.
  public mutating func add(
    faults: [String?], ends: [Int], times: [ClosedRange<Double>]?, starts: [(window: Int, fault: String)]
  ) {
    recordings += 1
    windows += faults.count
    normalWindows += faults.count { $0 == nil }
    events += starts.count
    falseAlarms += starts.count { faults[$0.window] == nil }
    var first = 0
    while first < faults.count {
      guard let fault = faults[first] else {
        first += 1
        continue
      }
      let end = faults[first...].firstIndex { $0 != fault } ?? faults.count
      truth += 1
      let found = starts.filter { (first..<end).contains($0.window) }
      if let earliest = found.map(\.window).min() {
        rows.append(Double(ends[earliest] - ends[first]))
        if let times {
          seconds?.append(times[earliest].upperBound - times[first].upperBound)
        } else {
          seconds = nil
        }
      }
      if found.contains(where: { $0.fault == fault }) { named += 1 }
      first = end
    }
    if let times, let sum = normalSeconds {
      normalSeconds = sum + EventCount.covered(zip(times, faults).filter { $1 == nil }.map(\.0))
    } else if faults.contains(nil) {
      normalSeconds = nil
    }
  }

  /// The figures; nil where nothing was counted.
  /// - Parameter rule: when windows become an event, in words.
  public func figures(rule: String) -> EventFigures? {
    guard recordings > 0 else { return nil }
    let detected = rows.count
    let precision = events > 0 ? Double(detected) / Double(events) : nil
    let recall = truth > 0 ? Double(detected) / Double(truth) : nil
    let weeks = normalSeconds.map { $0 / (7 * 86400) }
    return EventFigures(
      rule: rule, recordings: recordings, windows: windows, normalWindows: normalWindows, truth: truth,
      detected: detected, named: named, events: events, precision: precision, recall: recall,
      f1: truth + events > 0 ? 2 * Double(detected) / Double(truth + events) : nil,
      delayRowsMedian: EventCount.median(rows), delayRowsWorst: rows.max(),
      delaySecondsMedian: seconds.flatMap(EventCount.median), delaySecondsWorst: seconds?.max(),
      falseAlarms: falseAlarms,
      falseAlarmsPer1000Windows: normalWindows > 0 ? 1000 * Double(falseAlarms) / Double(normalWindows) : nil,
      falseAlarmsPerWeek: weeks.flatMap { $0 > 0 ? Double(falseAlarms) / $0 : nil })
  }

  /// Seconds that some spans cover together.
  private static func covered(_ spans: [ClosedRange<Double>]) -> Double {
    var sum = 0.0, end = -Double.infinity
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      sum += max(0, span.upperBound - max(span.lowerBound, end))
      end = max(end, span.upperBound)
    }
    return sum
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
