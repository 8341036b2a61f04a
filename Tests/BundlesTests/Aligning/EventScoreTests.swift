import Alignment
import Bundles
import Faults
import Foundation
import Testing

@Suite("Scores by event") struct EventScoreTests {
  private func evaluate(
    _ folder: String, _ windows: [(file: String, start: Int, label: String)], rule: AlarmRule = .usual
  ) throws -> Evaluation {
    var lines = ["id,split,group,label,series,start,end"]
    // Out of order, so that whoever scores must put them into it.
    for (place, one) in windows.enumerated().reversed() {
      lines.append("w\(place),test,\(one.file),\(one.label),\(one.file),\(one.start),\(one.start + 19)")
    }
    try lines.joined(separator: "\n").write(
      toFile: folder + "/manifest.csv", atomically: true, encoding: .utf8)
    var job = try EvaluateJob(
      manifest: folder + "/manifest.csv", split: .test, bundle: TinyMachine.bundle(), threads: 1
    ) { _, _, _ in }
    job.alarms = rule
    return try job.run().evaluation
  }

  private func write(_ readings: [[Double]], _ name: String, _ folder: String, hasTime: Bool = true) throws {
    var text = TinyMachine.csv(readings)
    if !hasTime {
      text = text.split(separator: "\n").map { $0.split(separator: ",").dropFirst().joined(separator: ",") }
        .joined(separator: "\n")
    }
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  @Test("Delay, rates and time come from the recordings' order") func figures() throws {
    try TinyMachine.inFolder { folder in
      try write(TinyMachine.readings(160, fault: "hot", onset: 81, seed: 31), "a.csv", folder)
      try write(TinyMachine.readings(100, fault: "shaking", seed: 32), "b.csv", folder)
      var windows: [(file: String, start: Int, label: String)] = []
      for start in stride(from: 1, through: 141, by: 20) {
        windows.append(("a.csv", start, start > 80 ? "hot" : "healthy"))
      }
      for start in stride(from: 1, through: 81, by: 20) { windows.append(("b.csv", start, "shaking")) }
      let evaluation = try evaluate(folder, windows)
      let events = try #require(evaluation.tasks.first?.events)
      #expect(events.recordings == 2 && events.windows == 13 && events.normalWindows == 4)
      #expect(events.truth == 2 && events.detected == 2 && events.named == 2 && events.events == 2)
      #expect(events.precision == 1 && events.recall == 1 && events.f1 == 1 && events.falseAlarms == 0)
      // Windows do not overlap and are told at once: the third faulty one raises the alarm, two windows of 20 minutes on.
      #expect(events.delayRowsMedian == 40 && events.delayRowsWorst == 40)
      #expect(events.delaySecondsMedian == 2400 && events.delaySecondsWorst == 2400)
      #expect(events.falseAlarmsPer1000Windows == 0 && events.falseAlarmsPerWeek == 0)
      let rule = try #require(AlarmRule(needed: 1, of: 1))
      let first = try #require(try evaluate(folder, windows, rule: rule).tasks.first?.events)
      #expect(first.delayRowsMedian == 0)
    }
  }

  @Test("A healthy label on a faulty recording makes a false alarm, a wrong one a wrong name") func wrong()
    throws
  {
    try TinyMachine.inFolder { folder in
      try write(TinyMachine.readings(160, fault: "hot", seed: 33), "a.csv", folder, hasTime: false)
      let starts = Array(stride(from: 1, through: 141, by: 20))
      let quiet = try #require(
        try evaluate(folder, starts.map { ("a.csv", $0, "healthy") }).tasks.first?.events)
      #expect(quiet.falseAlarms == 1 && quiet.falseAlarmsPer1000Windows == 125 && quiet.recall == nil)
      #expect(quiet.falseAlarmsPerWeek == nil && quiet.delayRowsMedian == nil)
      let named = try #require(
        try evaluate(folder, starts.map { ("a.csv", $0, "shaking") }).tasks.first?.events)
      #expect(named.detected == 1 && named.named == 0 && named.falseAlarms == 0)
      #expect(named.delaySecondsMedian == nil && named.delayRowsMedian == 40)
    }
  }

  @Test("Windows without an order in recordings have no such score") func none() throws {
    try TinyMachine.inFolder { folder in
      var windows: [(file: String, start: Int, label: String)] = []
      for index in 0..<4 {
        try write(TinyMachine.readings(20, fault: "hot", seed: UInt64(40 + index)), "\(index).csv", folder)
        windows.append(("\(index).csv", 1, "hot"))
      }
      let evaluation = try evaluate(folder, windows)
      #expect(evaluation.tasks.first?.events == nil)
      #expect(!String(decoding: try JSONEncoder().encode(evaluation), as: UTF8.self).contains("\"events\""))
    }
  }
}
