import Faults
import Testing

@Suite("Alarms: events instead of windows") struct AlarmTrackerTests {
  /// A letter a window, ten rows apart: `.` is quiet, `-` lies between the thresholds, `A` and `B` alarm, `a` and `b`
  /// name the fault without an alarm.
  private func run(_ course: String, _ rule: AlarmRule = .usual) -> (
    began: [FaultEvent], ended: [FaultEvent], open: [FaultEvent]
  ) {
    var tracker = AlarmTracker(rule: rule, labels: labels)
    var began: [FaultEvent] = [], ended: [FaultEvent] = []
    for (place, letter) in course.enumerated() {
      for change in tracker.add(prediction(letter, row: 10 * (place + 1))) {
        switch change {
        case .began(let event): began.append(event)
        case .ended(let event): ended.append(event)
        }
      }
    }
    return (began, ended, tracker.open)
  }

  private let labels = ["normal", "wear", "leak"]

  private func prediction(_ letter: Character, row: Int) -> FaultPrediction {
    var prediction = FaultPrediction(row: row, time: "t\(row)")
    switch letter {
    case "A": prediction.probabilities = [0.1, 0.8, 0.1]
    case "B": prediction.probabilities = [0.1, 0.1, 0.8]
    case "a": prediction.probabilities = [0.4, 0.6, 0]
    case "b": prediction.probabilities = [0.4, 0, 0.6]
    case "-": prediction.probabilities = [0.6, 0.2, 0.2]
    default: prediction.probabilities = [0.9, 0.05, 0.05]
    }
    let best =
      prediction.probabilities.indices.max { prediction.probabilities[$0] < prediction.probabilities[$1] }
      ?? 0
    (prediction.fault, prediction.probability) = (labels[best], Double(prediction.probabilities[best]))
    prediction.description = "All about \(labels[best])."
    prediction.alarm = letter == "A" || letter == "B"
    prediction.contributions = [
      .init(sensor: "x", share: letter == "A" ? 0.75 : 0.25),
      .init(sensor: "y", share: letter == "A" ? 0.25 : 0.75),
    ]
    prediction.remaining = 1000 - Double(row)
    return prediction
  }

  @Test("Start, end, first sign, peak, sensors and lead are those of the windows") func whole() throws {
    //                 10...        50 60 70 80      100            150
    let found = run("...--AA.A" + "AAaa-" + "....." + "...")
    let event = try #require(found.ended.first)
    #expect(found.ended.count == 1 && found.began.count == 1 && found.open.isEmpty)
    #expect(event.number == 1 && event.fault == "wear" && event.description == "All about wear.")
    // Windows 4 and 5 lie above the lower threshold; 6, 7 and 9 alarm; 14 is the last that is not quiet.
    #expect(event.firstSign == EventMoment(row: 40, time: "t40"))
    #expect(event.start == EventMoment(row: 90, time: "t90"))
    #expect(event.end == EventMoment(row: 140, time: "t140"))
    #expect(event.windows == 5 && event.others.isEmpty && !event.isOpen)
    #expect(abs(event.peak - 0.8) < 1e-6 && event.peakRow == 60)
    #expect(event.sensors == [.init(sensor: "x", share: 0.75), .init(sensor: "y", share: 0.25)])
    #expect(event.lead == 910 && event.leadFromFirstSign == 960)
    let begun = try #require(found.began.first)
    #expect(begun.isOpen && begun.windows == 3 && begun.end == begun.start)
  }

  @Test(
    "Fewer than k of n alarms are no event",
    arguments: ["A.A..A.A..A.A..", "AA...AA...AA...", "ABABAB", "aaaaaaaaaaaa", "------------"])
  func flicker(course: String) {
    // Three alarms of one fault never stand among five, but for the fifth window of ABABAB.
    let found = run(course == "ABABAB" ? "AB.AB.AB.AB" : course)
    #expect(found.began.isEmpty && found.ended.isEmpty && found.open.isEmpty)
  }

  @Test("It ends with the fifth quiet window in a row, not before; what flares up between prolongs it")
  func hysteresis() throws {
    #expect(run("AAA....").ended.isEmpty)
    #expect(run("AAA.....").ended.map(\.end.row) == [30])
    #expect(run("AAA....-....-....").ended.isEmpty)
    #expect(run("AAA....-....A.....").ended.map(\.end.row) == [130])
    let open = run("AAA....-..").open
    #expect(open.count == 1 && open[0].isOpen && open[0].end.row == 80)
  }

  @Test("After an event, windows of before do not help the next one to begin") func freshStart() throws {
    let rule = try #require(AlarmRule(needed: 3, of: 5, release: 0.3, hold: 1))
    #expect(run("AAA.A.A.", rule).began.count == 1)
    #expect(run("AAA.AAA.", rule).began.map(\.start.row) == [30, 70])
  }

  @Test("A quiet spell longer than may be missed makes the first sign anew") func sign() throws {
    #expect(run("-..AAA").began.map(\.firstSign.row) == [10])
    #expect(run("-...AAA").began.map(\.firstSign.row) == [50])
  }

  @Test("Two faults that alternate are one event; one that lasts gets its own, and comes back to it")
  func alternating() throws {
    let wavering = run(String(repeating: "AB", count: 100) + ".....")
    let event = try #require(wavering.ended.first)
    #expect(wavering.ended.count == 1 && event.fault == "wear" && event.windows == 100)
    #expect(event.others == ["leak": 100])
    let blocks = run(String(repeating: "AAAAAAABBBBBBB", count: 30) + ".....")
    #expect(blocks.ended.map(\.fault) == ["wear", "leak"] && blocks.ended.map(\.number) == [1, 2])
    // The second is told once all of the last five windows name it.
    #expect(blocks.began.map(\.start.row) == [30, 120] && blocks.began[1].firstSign.row == 80)
    #expect(blocks.ended[0].end.row == 4130 && blocks.ended[1].end.row == 4200)
  }

  @Test("Gaps in the rows change nothing, and what cannot be told is no event") func gaps() throws {
    var tracker = AlarmTracker(labels: labels)
    var starts: [Int] = []
    for row in [10, 20, 5000, 5010] {
      for case .began(let event) in tracker.add(prediction("A", row: row)) { starts.append(event.start.row) }
    }
    #expect(starts == [5000])
    var nothing = AlarmTracker(labels: [])
    var bad = FaultPrediction(row: 1, time: nil, alarm: true)
    (bad.probability, bad.contributions) = (.nan, [.init(sensor: "x", share: .nan)])
    for _ in 0..<9 { #expect(nothing.add(bad).isEmpty) }
  }

  @Test("Answers without probabilities of all labels count by the one that they have") func detector() throws
  {
    var tracker = AlarmTracker(labels: [])
    var began = 0, ended = 0
    for (place, share) in [0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1].enumerated() {
      var one = FaultPrediction(row: place, time: nil, alarm: share > 0.5)
      (one.fault, one.probability) = (share > 0.5 ? "anomaly" : "normal", max(share, 1 - share))
      for change in tracker.add(one) { if case .began = change { began += 1 } else { ended += 1 } }
    }
    #expect(began == 1 && ended == 1)
  }

  @Test("Faults that may hold together count by the likeliest") func severalAtOnce() {
    var one = FaultPrediction(row: 1, time: nil)
    one.probabilities = [0.9, 0.2, 0.25]
    #expect(abs(one.danger(isNormal: [true, false, false]) - 0.25) < 1e-6)
    one.probabilities = [0.55, 0.2, 0.25]
    #expect(abs(one.danger(isNormal: [true, false, false]) - 0.45) < 1e-6)
  }

  @Test("Rules that make no sense are none") func rules() {
    #expect(AlarmRule(needed: 6, of: 5) == nil && AlarmRule(needed: 0, of: 5) == nil)
    #expect(AlarmRule(release: 0) == nil && AlarmRule(release: 1.1) == nil && AlarmRule(hold: 0) == nil)
    #expect(AlarmRule() == .usual && AlarmRule(needed: 1, of: 2)?.hold == 2)
    #expect(AlarmRule.counts("3/5") ?? (0, 0) == (3, 5))
    for text in ["3", "5/3", "0/3", "3/5/7", "a/b", "1/2000", "-1/2"] {
      #expect(AlarmRule.counts(text) == nil, "\(text)")
    }
  }
}
