import Bundles
import Decoders
import Faults
import Foundation
import Testing

@Suite struct PredictJobTests {
  private func predict(
    _ text: String, every: Int? = nil, opened: @escaping @Sendable (PredictJob.Opening) -> Void = { _ in }
  ) throws -> (lines: [FaultPrediction], summary: PredictJob.Summary) {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      var options = PredictJob.Options(path: path)
      (options.every, options.threads) = (every, 2)
      var lines: [FaultPrediction] = []
      let summary = try PredictJob(options, bundle: TinyMachine.bundle(), opened: opened).run { lines += $0 }
      return (lines, summary)
    }
  }

  private let hot = TinyMachine.readings(200, fault: "hot", onset: 101, seed: 901)

  @Test func aWindowEveryStrideWithTheRowsOfTheFile() throws {
    let (lines, summary) = try predict(TinyMachine.csv(hot))
    // 200 rows, windows of 20, every 5: the first ends at 20, the last at 200.
    #expect(lines.map(\.row) == Array(stride(from: 20, through: 200, by: 5)))
    #expect(lines.first?.time == "2024-01-01T00:19:00" && lines.last?.time == "2024-01-01T03:19:00")
    #expect(summary.windows == 37 && summary.lastRow == 200 && summary.refused.count == 0)
  }

  @Test func theFirstAnswersDoNotWaitForMany() throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try TinyMachine.csv(hot).write(toFile: path, atomically: true, encoding: .utf8)
      var options = PredictJob.Options(path: path)
      options.threads = 2
      var parts: [Int] = []
      _ = try PredictJob(options, bundle: TinyMachine.bundle()).run { parts.append($0.count) }
      #expect(parts == [2, 35])
    }
  }

  @Test(arguments: [1, 7, 20, 50])
  func everyOverridesTheStride(every: Int) throws {
    let (lines, _) = try predict(TinyMachine.csv(hot), every: every)
    #expect(lines.map(\.row) == Array(stride(from: 20, through: 200, by: every)))
  }

  /// Whether shares are asked for or not, the answers are the same.
  @Test(arguments: FaultPipeline.Contributions.allCases)
  func contributionsOfChosenWindows(contributions: FaultPipeline.Contributions) throws {
    let (all, _) = try predict(TinyMachine.csv(hot))
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try TinyMachine.csv(hot).write(toFile: path, atomically: true, encoding: .utf8)
      var options = PredictJob.Options(path: path)
      options.contributions = contributions
      var lines: [FaultPrediction] = []
      _ = try PredictJob(options, bundle: TinyMachine.bundle()).run { lines += $0 }
      for (line, whole) in zip(lines, all) {
        let isTold = contributions == .all || (contributions == .alarms && whole.alarm)
        #expect(line.contributions == (isTold ? whole.contributions : []))
        #expect(line.fault == whole.fault && line.alarm == whole.alarm && line.reasons == whole.reasons)
        #expect(zip(line.probabilities, whole.probabilities).allSatisfy { abs($0 - $1) < 1e-5 })
      }
      #expect(all.contains { $0.alarm } && all.contains { !$0.alarm })
    }
  }

  @Test func faultAlarmAndCauseAreFound() throws {
    let (lines, summary) = try predict(TinyMachine.csv(hot))
    let before = lines.filter { $0.row <= 100 }, after = lines.filter { $0.row >= 125 }
    #expect(before.allSatisfy { $0.fault == "healthy" && !$0.alarm })
    #expect(after.allSatisfy { $0.fault == "hot" && $0.alarm })
    #expect(after.allSatisfy { $0.description == "The machine runs hot." })
    #expect(lines.allSatisfy { (0...1).contains($0.probability ?? -1) && (0...1).contains($0.entropy ?? -1) })
    #expect(lines.allSatisfy { $0.remaining == nil })
    let first = try #require(summary.firstAlarm)
    #expect((101...125).contains(first.row) && first.fault == "hot")
  }

  @Test func aFaultFarBeyondTrainingStillAlarms() throws {
    // Five times as hot as any fault in training: the window is strange, the readings are sound.
    let far = hot.enumerated().map { row, values in row < 100 ? values : [values[0] + 24] + values.dropFirst()
    }
    let after = try predict(TinyMachine.csv(far)).lines.filter { $0.row >= 125 }
    #expect(after.contains { $0.needsCheck })
    #expect(after.allSatisfy { $0.fault == "hot" && $0.alarm })
  }

  @Test(arguments: [("hot", "temperature"), ("shaking", "vibration")])
  func contributionsPointToTheFaultySensor(fault: String, sensor: String) throws {
    let (lines, _) = try predict(TinyMachine.csv(TinyMachine.readings(100, fault: fault, seed: 77)))
    for line in lines {
      #expect(line.fault == fault)
      let top = try #require(line.contributions.max { $0.share < $1.share })
      #expect(top.sensor == sensor, "row \(line.row): \(line.contributions)")
      #expect(abs(line.contributions.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    }
  }

  @Test func columnsMayStandInAnyOrder() throws {
    let (lines, _) = try predict(TinyMachine.csv(hot))
    let (others, _) = try predict(TinyMachine.csv(hot, order: [2, 0, 1]))
    #expect(lines == others)
  }

  @Test func namesMayDifferInCaseAndMarks() throws {
    let (lines, _) = try predict(TinyMachine.csv(hot))
    let text = TinyMachine.csv(hot).replacingOccurrences(
      of: "temperature,vibration", with: "TEMPERATURE,vibra_tion")
    #expect(try predict(text).lines == lines)
  }

  @Test func aFileWithoutHeaderIsTakenInOrder() throws {
    let (lines, _) = try predict(TinyMachine.csv(hot))
    let text = TinyMachine.csv(hot).split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(try predict(text).lines == lines)
  }

  @Test func aMissingChannelIsMaskedAndNamed() throws {
    let notes = Notes()
    let (lines, _) = try predict(TinyMachine.csv(hot, order: [0, 1])) { notes.add($0.notes) }
    #expect(lines.count == 37)
    #expect(
      lines.allSatisfy { $0.contributions.last?.sensor == "pressure" && $0.contributions.last?.share == 0 })
    #expect(notes.all.contains { $0.contains("pressure") })
  }

  @Test func fewerThanHalfOfTheChannelsAreRefusedByName() throws {
    let error = #expect(throws: BundleError.self) { try predict(TinyMachine.csv(hot, order: [2])) }
    let text = try #require(error).description
    #expect(text.contains("temperature") && text.contains("vibration") && text.contains("--bundle"))
  }

  @Test func rowsThatCannotBeReadAreCountedAndKeepTheirNumbers() throws {
    var lines = TinyMachine.csv(hot).split(separator: "\n").map(String.init)
    lines[30] = "2024-01-01T00:29:00,5x0,2,5"  // data row 30
    let (found, summary) = try predict(lines.joined(separator: "\n") + "\n")
    #expect(summary.refused.count == 1)
    // 199 readable rows; the windows after the damage end a row later.
    #expect(found.map(\.row) == [20, 25] + Array(stride(from: 31, through: 196, by: 5)))
    #expect(found.filter { $0.refusedRows == 1 }.map(\.row) == [31, 36, 41, 46])
  }

  @Test func lessThanAWindowIsRefused() throws {
    let error = #expect(throws: DecodingError.self) {
      try predict(TinyMachine.csv(Array(hot.prefix(19))))
    }
    #expect(try #require(error).code == .truncated)
  }

  @Test func missingReadingsAskForAPerson() throws {
    // Everything but one sensor is gone from row 101 on.
    var lines = TinyMachine.csv(TinyMachine.readings(200, fault: "healthy", seed: 5)).split(separator: "\n")
      .map(String.init)
    for row in 101...200 { lines[row] = "2024-01-01T00:00:00,,,5.0" }
    for row in 101...200 where row % 3 > 0 { lines[row] = "2024-01-01T00:00:00,,," }
    let (found, _) = try predict(lines.joined(separator: "\n") + "\n")
    let empty = found.filter { $0.row >= 120 }
    #expect(!empty.isEmpty && empty.allSatisfy { !$0.alarm })
    #expect(empty.contains { $0.needsCheck })
  }

  @Test func threadsDoNotChangeNumbers() throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try TinyMachine.csv(hot).write(toFile: path, atomically: true, encoding: .utf8)
      let all = try [1, 3].map { threads in
        var options = PredictJob.Options(path: path)
        options.threads = threads
        var lines: [String] = []
        _ = try PredictJob(options, bundle: TinyMachine.bundle()).run { lines += $0.map(\.json) }
        return lines
      }
      #expect(all[0] == all[1])
    }
  }
}

/// Notes from another thread. `@unchecked` is sound: all access is locked.
final class Notes: @unchecked Sendable {
  private let lock = NSLock()
  private var found: [String] = []
  func add(_ notes: [String]) { lock.withLock { found += notes } }
  var all: [String] { lock.withLock { found } }
}
