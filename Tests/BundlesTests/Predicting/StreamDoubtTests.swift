import Bundles
import Decoders
import Faults
import Foundation
import Testing

/// What a stream shows beside its values: windows of dead sensors and of rows at odd times say so, others do not.
@Suite struct StreamDoubtTests {
  private let readings = TinyMachine.readings(200, fault: "healthy", seed: 902)

  private func predict(_ text: String, tolerance: Double = 0.1) throws -> [FaultPrediction] {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      var options = PredictJob.Options(path: path)
      options.rateTolerance = tolerance
      var lines: [FaultPrediction] = []
      _ = try PredictJob(options, bundle: TinyMachine.bundle()).run { lines += $0 }
      return lines
    }
  }

  /// Rows whose windows have a reason with these words.
  private func rows(_ lines: [FaultPrediction], _ words: String) -> [Int] {
    lines.filter { $0.needsCheck && $0.reasons.contains { $0.contains(words) } }.map(\.row)
  }

  /// Rows of the file, 1-based and without the header, changed.
  private func csv(_ change: (Int, String) -> [String]) -> String {
    let lines = TinyMachine.csv(readings).split(separator: "\n").map(String.init)
    return ([lines[0]] + lines.dropFirst().enumerated().flatMap { change($0 + 1, $1) }).joined(
      separator: "\n") + "\n"
  }

  private func sensor(_ line: String, _ column: Int, _ value: String) -> String {
    var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    cells[column] = value
    return cells.joined(separator: ",")
  }

  @Test func soundRowsRaiseNoDoubt() throws {
    let lines = try predict(TinyMachine.csv(readings))
    for words in ["has not changed", "no value", "Rows come", "goes back", "repeats", "missing in"] {
      #expect(rows(lines, words).isEmpty, "\(words)")
    }
  }

  @Test func aSensorThatStandsStillIsNamed() throws {
    let lines = try predict(csv { row, line in [row < 81 ? line : sensor(line, 3, "5.0")] })
    // Half a window is enough; a third is not.
    #expect(
      rows(lines, "“pressure” has not changed since row 81") == Array(stride(from: 90, through: 200, by: 5)))
    #expect(rows(lines, "“vibration”").isEmpty)
  }

  @Test func aSensorThatStandsStillFromTheStartIsNamed() throws {
    let lines = try predict(csv { _, line in [sensor(line, 1, "50.5")] })
    #expect(
      rows(lines, "“temperature” has not changed since row 1") == Array(stride(from: 20, through: 200, by: 5))
    )
  }

  @Test func aSensorWithoutValuesIsNamedUntilItsGapHasPassed() throws {
    let lines = try predict(
      csv { row, line in [(81...110).contains(row) ? sensor(line, 2, row % 2 == 0 ? "" : "NaN") : line] })
    #expect(
      rows(lines, "“vibration” has given no value since row 81")
        == Array(stride(from: 90, through: 110, by: 5)))
    #expect(rows(lines, "“vibration” has given no value from row 81 to row 110") == [115, 120, 125])
  }

  @Test func aFewMissingValuesAreNothing() throws {
    let lines = try predict(csv { row, line in [(81...86).contains(row) ? sensor(line, 2, "NaN") : line] })
    #expect(rows(lines, "“vibration”").isEmpty)
  }

  @Test func anotherRateIsNamedUnlessItIsAllowed() throws {
    func at(_ seconds: (Int) -> Int) -> String {
      var clock = 0
      return csv { row, line in
        clock += seconds(row)
        return [
          sensor(
            line, 0, String(format: "2024-01-01T%02d:%02d:%02d", clock / 3600, clock / 60 % 60, clock % 60))
        ]
      }
    }
    let words = "Rows come every 30 s; the bundle was trained on one every 60 s."
    #expect(try rows(predict(at { _ in 30 }), words).count == 37)
    #expect(try rows(predict(at { _ in 30 }, tolerance: .infinity), words).isEmpty)
    // Most of a window's steps decide.
    let changed = try rows(predict(at { $0 <= 100 ? 60 : 30 }), words)
    #expect(changed.first.map { (110...115).contains($0) } ?? false && changed.last == 200)
  }

  @Test func missingRepeatedAndEarlierRowsAreNamed() throws {
    let gap = try predict(csv { row, line in (101...140).contains(row) ? [] : [line] })
    #expect(
      rows(gap, "About 40 rows are missing in this window; nothing came for 2460 s before row 101").first
        == 105)
    #expect(rows(gap, "missing in this window").last == 115)
    let twice = try predict(csv { row, line in row == 100 ? [line, line] : [line] })
    #expect(rows(twice, "Row 101 repeats the one before it") == [105, 110, 115])
    var held: String?
    let swapped = try predict(
      csv { row, line in
        if row == 100 { held = line }
        return row == 100 ? [] : row == 101 ? [line, held ?? ""] : [line]
      })
    #expect(rows(swapped, "The time goes back at row 101") == [105, 110, 115])
  }

  /// What was seen of the sensors before a restart counts after it.
  @Test func restartsKeepTheWatch() throws {
    struct Killed: Error {}
    let text = csv { row, line in [row < 81 ? line : sensor(line, 3, "5.0")] }
    let lines = text.split(separator: "\n").map { "\($0)\n" }
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      var found: [FaultPrediction] = []
      var ends = [95, 130, 200]
      try lines[...84].joined().write(toFile: path, atomically: false, encoding: .utf8)
      while (found.last?.row ?? 0) < 200 {
        let count = found.count
        let sink = PredictJob.Sink(
          begin: { _ in },
          take: { predictions in
            // The next rows come while these are told; a later call ends this run, its place not saved.
            if found.count > count { throw Killed() }
            found += predictions
            if let end = ends.first {
              ends.removeFirst()
              try lines[...end].joined().write(toFile: path, atomically: false, encoding: .utf8)
            } else {
              throw Killed()
            }
            return nil
          })
        #expect(throws: Killed.self) {
          try PredictJob(.init(path: path), bundle: TinyMachine.bundle()).follow(
            state: folder + "/state", interval: .milliseconds(1), into: sink)
        }
      }
      #expect(
        rows(found, "“pressure” has not changed since row 81") == Array(stride(from: 90, through: 200, by: 5))
      )
    }
  }
}
