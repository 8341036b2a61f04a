import Bundles
import Faults
import Files
import Foundation
import Testing

@Suite("Events of a run") struct EventRecorderTests {
  /// Hot from row 51 to 100, healthy, shaking from row 161 to 210, healthy.
  private static let readings =
    TinyMachine.readings(100, fault: "hot", onset: 51, seed: 901)
    + TinyMachine.readings(60, fault: "healthy", seed: 902)
    + TinyMachine.readings(50, fault: "shaking", seed: 903)
    + TinyMachine.readings(60, fault: "healthy", seed: 904)

  private struct Killed: Error {}

  private func append(_ text: String, to path: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// Events of a whole file, written by the recorder.
  private func whole(_ path: String, _ options: EventRecorder.Options) throws -> String {
    let recorder = EventRecorder(options) { _ in }
    let job = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()) {
      recorder.open(labels: $0.labels)
    }
    try recorder.begin()
    _ = try job.run { try recorder.add($0) }
    try recorder.finish()
    return try String(contentsOfFile: #require(options.path), encoding: .utf8)
  }

  @Test("Two faults are two events with their sensors, told when they begin and end") func told() throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv", notes = Notes()
      try TinyMachine.csv(Self.readings).write(toFile: path, atomically: true, encoding: .utf8)
      let recorder = EventRecorder(.init(path: folder + "/events.jsonl")) { notes.add([$0]) }
      let job = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()) {
        recorder.open(labels: $0.labels)
      }
      try recorder.begin()
      _ = try job.run { try recorder.add($0) }
      #expect(!FileManager.default.fileExists(atPath: folder + "/events.jsonl"), "whole or not at all")
      try recorder.finish()
      let lines = try String(contentsOfFile: folder + "/events.jsonl", encoding: .utf8).split(separator: "\n")
      let events = try lines.map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(events.map { $0["fault"] as? String } == ["hot", "shaking"])
      for (event, sensor) in zip(events, ["temperature", "vibration"]) {
        let shares = try #require(event["sensors"] as? [String: Double])
        #expect(shares.max { $0.value < $1.value }?.key == sensor)
        #expect(abs(shares.values.reduce(0, +) - 1) < 1e-3)
        #expect((event["nearestTraining"] as? [Any])?.count == 3)
      }
      #expect((55...85).contains(try #require(events[0]["startRow"] as? Int)))
      #expect((165...195).contains(try #require(events[1]["startRow"] as? Int)))
      #expect(((events[1]["nearestEvents"] as? [[String: Any]])?.first)?["event"] as? Int == 1)
      #expect(notes.all.count == 4)
      #expect(
        notes.all[0].hasPrefix("Event 1 begins. From 2024-01-01 0")
          && notes.all[1].hasPrefix("Event 1 ended."))
    }
  }

  @Test("An event that goes on at the end is written as open; CSV where the name says so") func open() throws
  {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try TinyMachine.csv(Array(Self.readings.prefix(100))).write(
        toFile: path, atomically: true, encoding: .utf8)
      let json = try whole(path, .init(path: folder + "/events.jsonl"))
      #expect(json.contains("\"open\":true") && json.contains("It still goes on at"))
      let lines = try whole(path, .init(path: folder + "/events.csv")).split(separator: "\n")
      #expect(
        lines.count == 2 && lines[0] == FaultEvent.csvHeader
          && lines[1].hasPrefix("1,hot,The machine runs hot.,true,"))
    }
  }

  @Test(
    "Killed at any point while following, no event is lost and none stands twice",
    arguments: ["jsonl", "csv"])
  func restarts(ending: String) throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv", all = folder + "/whole.csv"
      let text = TinyMachine.csv(Self.readings), lines = text.split(separator: "\n").map { "\($0)\n" }
      try text.write(toFile: all, atomically: true, encoding: .utf8)
      let wanted = try whole(all, .init(path: folder + "/wanted." + ending))
      let options = EventRecorder.Options(path: folder + "/events." + ending)
      var last = 73
      try lines[...last].joined().write(toFile: path, atomically: false, encoding: .utf8)
      // Each run gets the windows of the rows before, then more rows come and their windows are never saved.
      for rows in [118, 150, 200, 240, 270] {
        let recorder = EventRecorder(options) { _ in }
        let job = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()) {
          recorder.open(labels: $0.labels)
        }
        var isMore = false
        let sink = PredictJob.Sink(
          begin: { _ in },
          take: { predictions in
            try recorder.add(predictions)
            if isMore { throw Killed() }
            isMore = true
            try append(lines[(last + 1)...rows].joined(), to: path)
            last = rows
            return nil
          }, saved: { try recorder.saved() }, restore: { try recorder.restore($0) })
        #expect(throws: Killed.self) {
          try job.follow(state: folder + "/state", interval: .milliseconds(1), into: sink)
        }
        try append("{\"ev", to: folder + "/events." + ending)  // cut off in the middle of a line
      }
      // The rest, to the end.
      let recorder = EventRecorder(options) { _ in }
      let job = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()) {
        recorder.open(labels: $0.labels)
      }
      #expect(throws: Killed.self) {
        try job.follow(
          state: folder + "/state", interval: .milliseconds(1),
          into: .init(
            begin: { _ in },
            take: {
              try recorder.add($0)
              if $0.last?.row == 270 { throw Killed() }
              return nil
            }, saved: { try recorder.saved() }, restore: { try recorder.restore($0) }))
      }
      #expect(try String(contentsOfFile: folder + "/events." + ending, encoding: .utf8) == wanted)
    }
  }

  @Test("Another rule, a damaged place and a file of somebody else's are refused") func refused() throws {
    try TinyMachine.inFolder { folder in
      let first = EventRecorder(.init(path: folder + "/events.jsonl")) { _ in }
      try first.restore(nil)
      let saved = try first.saved()
      let rule = try #require(AlarmRule(needed: 2, of: 3))
      #expect(throws: BundleError.self) {
        try EventRecorder(.init(rule: rule, path: folder + "/events.jsonl")) { _ in }.restore(saved)
      }
      #expect(throws: BundleError.self) {
        try EventRecorder(.init(path: folder + "/events.jsonl")) { _ in }.restore(Data("{}".utf8))
      }
      // JSON that reads well, but with a rule that cannot be.
      let bent = String(decoding: saved, as: UTF8.self).replacing("\"hold\":5", with: "\"hold\":0")
      #expect(bent != String(decoding: saved, as: UTF8.self))
      let error = #expect(throws: BundleError.self) {
        try EventRecorder(.init(path: folder + "/events.jsonl")) { _ in }.restore(Data(bent.utf8))
      }
      #expect(error?.reason.contains("damaged") == true)
      try "mine\n".write(toFile: folder + "/mine.jsonl", atomically: true, encoding: .utf8)
      #expect(throws: WritingError.self) {
        try EventRecorder(.init(path: folder + "/mine.jsonl")) { _ in }.restore(nil)
      }
      #expect(throws: WritingError.self) {
        try EventRecorder(.init(path: folder + "/mine.jsonl")) { _ in }.begin()
      }
      #expect(try String(contentsOfFile: folder + "/mine.jsonl", encoding: .utf8) == "mine\n")
      try EventRecorder(.init(path: folder + "/mine.jsonl", replaces: true)) { _ in }.restore(nil)
      #expect(try String(contentsOfFile: folder + "/mine.jsonl", encoding: .utf8).isEmpty)
    }
  }
}
