import Faults
import Foundation
import Testing
import Training

/// Against lists and loops in Python; see Scripts/reference/event_fixtures.py.
@Suite("Events and their scores against the reference") struct EventReferenceTests {
  private struct Case: Decodable {
    struct Window: Decodable { var row: Int, truth: String?, alarm: String?, danger: Double, span: [Double]? }
    struct Event: Decodable, Equatable { var start: Int, fault: String, sign: Int, windows: Int }
    var k: Int, n: Int, release: Double, hold: Int
    var recordings: [[Window]], events: [[Event]]
    var figures: Figures
  }

  private struct Figures: Decodable, Equatable {
    var recordings: Int, windows: Int, normalWindows: Int, truth: Int, detected: Int, named: Int, events: Int
    var precision: Double?, recall: Double?, f1: Double?
    var delayRowsMedian: Double?, delayRowsWorst: Double?
    var delaySecondsMedian: Double?, delaySecondsWorst: Double?
    var falseAlarms: Int, falseAlarmsPer1000Windows: Double?, falseAlarmsPerWeek: Double?
  }

  private static func cases() throws -> [Case] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Fixtures/Metrics/events.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: path.standardized))
  }

  private func prediction(_ window: Case.Window) -> FaultPrediction {
    var one = FaultPrediction(row: window.row, time: nil, alarm: window.alarm != nil)
    one.fault = window.alarm ?? "normal"
    let rest = Float(1 - window.danger), danger = Float(window.danger)
    one.probabilities = window.alarm == "leak" ? [rest, 0, danger] : [rest, danger, 0]
    one.probability = window.alarm == nil ? Double(rest) : window.danger
    return one
  }

  @Test func agrees() throws {
    for one in try EventReferenceTests.cases() {
      let rule = try #require(AlarmRule(needed: one.k, of: one.n, release: one.release, hold: one.hold))
      var count = EventCount()
      for (windows, wanted) in zip(one.recordings, one.events) {
        var tracker = AlarmTracker(rule: rule, labels: ["normal", "wear", "leak"])
        var starts: [(window: Int, fault: String)] = [], ended: [FaultEvent] = []
        for (place, window) in windows.enumerated() {
          for change in tracker.add(prediction(window)) {
            switch change {
            case .began(let event): starts.append((place, event.fault))
            case .ended(let event): ended.append(event)
            }
          }
        }
        let all = (ended + tracker.open).sorted { $0.number < $1.number }
        let rows = Dictionary(uniqueKeysWithValues: windows.enumerated().map { ($1.row, $0) })
        let found = all.map {
          Case.Event(
            start: rows[$0.start.row] ?? -1, fault: $0.fault, sign: rows[$0.firstSign.row] ?? -1,
            windows: $0.windows)
        }
        #expect(found == wanted, "\(rule)")
        let spans = windows.compactMap(\.span).map { $0[0]...$0[1] }
        count.add(
          faults: windows.map(\.truth), ends: windows.map(\.row),
          times: spans.count == windows.count ? spans : nil, starts: starts)
      }
      let figures = try #require(count.figures(rule: rule.words))
      let found = try JSONDecoder().decode(Figures.self, from: JSONEncoder().encode(figures))
      #expect(found.truth == one.figures.truth && found.events == one.figures.events)
      #expect(found.detected == one.figures.detected && found.named == one.figures.named)
      #expect(found.falseAlarms == one.figures.falseAlarms && found.windows == one.figures.windows)
      #expect(found.normalWindows == one.figures.normalWindows && found.recordings == one.figures.recordings)
      let parts: [KeyPath<Figures, Double?>] = [
        \.precision, \.recall, \.f1, \.delayRowsMedian, \.delayRowsWorst, \.delaySecondsMedian,
        \.delaySecondsWorst, \.falseAlarmsPer1000Windows, \.falseAlarmsPerWeek,
      ]
      for part in parts {
        let (a, b) = (found[keyPath: part], one.figures[keyPath: part])
        #expect((a == nil) == (b == nil) && abs((a ?? 0) - (b ?? 0)) <= 1e-9 * max(1, abs(b ?? 0)), "\(part)")
      }
    }
  }

  @Test func nothingToScoreGivesNothing() throws {
    #expect(EventCount().figures(rule: "") == nil)
    var sound = EventCount()
    sound.add(faults: [nil, nil], ends: [1, 2], times: nil, starts: [])
    let figures = try #require(sound.figures(rule: ""))
    #expect(figures.recall == nil && figures.precision == nil && figures.f1 == nil)
    #expect(figures.falseAlarmsPer1000Windows == 0 && figures.falseAlarmsPerWeek == nil)
    // A recording without a time whose windows are all faulty takes nothing from the time of the others.
    var faulty = EventCount()
    faulty.add(faults: [nil], ends: [1], times: [0...604_800], starts: [(0, "wear")])
    faulty.add(faults: ["wear"], ends: [1], times: nil, starts: [])
    #expect(faulty.figures(rule: "")?.falseAlarmsPerWeek == 1)
  }
}
