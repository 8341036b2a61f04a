import Foundation
import Testing

/// The command line of predicting without a bundle, on the project's own recording.
@Suite struct NormalCommandTests {
  private var plant: String { Command.samples + "/sensors/plant.csv" }

  private func rows(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test(.enabled(if: Command.isBuilt))
  func fileStreamAndSavedDetectorGiveTheSame() throws {
    let scratch = try Scratch()
    let file = scratch.path + "/plant.detector"
    let result = try Command.run(["predict", plant, "--normal", "500", "--save-detector", file, "--quiet"])
    #expect(result.status == 0, "\(result.errors)")
    let lines = try rows(result.output)
    #expect(lines.first?["row"] as? Int == 501 && lines.last?["row"] as? Int == 1440)
    for key in [
      "row", "time", "fault", "description", "probability", "alarm", "entropy", "contributions", "remaining",
    ] { #expect(lines.allSatisfy { $0[key] != nil }, "\(key)") }
    let stream = try Command.run(
      ["predict", "-", "--normal", "500"], input: Data(contentsOf: URL(fileURLWithPath: plant)))
    #expect(stream.output == result.output)
    #expect(stream.errors.contains("Normal operation was learned from 500 rows"))
    let saved = try Command.run(["predict", plant, "--detector", file, "--quiet"])
    #expect(saved.output.hasSuffix(result.output) && saved.output.contains("\"row\":16,"))
    let kept = try Command.run(["predict", plant, "--normal", "400", "--save-detector", file, "--quiet"])
    #expect(kept.status == 1 && kept.errors.contains("--force"))
  }

  @Test(.enabled(if: Command.isBuilt))
  func aPictureIsDrawn() throws {
    let scratch = try Scratch()
    let picture = scratch.path + "/plant.svg"
    let result = try Command.run(["predict", plant, "--normal", "500", "--picture", picture, "--quiet"])
    #expect(result.status == 0)
    #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("unlike normal"))
  }

  @Test(.enabled(if: Command.isBuilt))
  func wrongUsageIsExplained() throws {
    for (arguments, word) in [
      (["--normal", "soon"], "101..500"), (["--normal", "9..5"], "101..500"),
      (["--normal", "400", "--false-alarms", "often"], "1%"),
      (["--normal", "400", "--false-alarms", "80%"], "0.5"), (["--false-alarms", "1%"], "--normal"),
      (["--save-detector", "x"], "--normal"), (["--normal", "400", "--detector", "x"], "--detector"),
      (["--normal", "400", "--statistics", "t3"], "t3"),
      (["--normal", "400", "--level-rate", "2"], "levels"),
      (["--normal", "400", "--detector-window", "0"], "window"),
      (["--normal", "400", "--bundle", "b"], "--bundle"),
      (["--detector", "x", "--task", "t"], "--task"),
    ] {
      let result = try Command.run(["predict", plant] + arguments)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(word), "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test(.enabled(if: Command.isBuilt))
  func aPeriodOrDetectorThatCannotBeUsedIsNamed() throws {
    let scratch = try Scratch()
    let text = try scratch.write("text.csv", "note,author\nloud,ann\nwell,bob\n".utf8)
    let damaged = try scratch.write("plant.detector", "{\"braidDetector\":1}".utf8)
    for (arguments, word) in [
      (["predict", plant, "--normal", "20"], "at least 64"),
      (["predict", plant, "--normal", "5000"], "ends at row 1440"),
      (["predict", plant, "--normal", "1999-01-01..1999-02-01"], "holds no row"),
      (["predict", text, "--normal", "400"], "text.csv"),
      (["predict", plant, "--detector", damaged], "damaged"),
      (["predict", plant, "--detector", scratch.path + "/none"], "--save-detector"),
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 1 && result.isPlain, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(word), "\(arguments): \(result.errors)")
    }
  }
}
