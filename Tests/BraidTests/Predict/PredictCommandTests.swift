import Foundation
import Testing

/// Runs the built `braid` on the project's own samples. Skipped where the program or a bundle for the samples is
/// missing: the tests of `Bundles` cover what it does; here it is the command line's turn.
@Suite struct PredictCommandTests {
  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func wrongUsageIsExplained() throws {
    for (arguments, word) in [
      (["predict", "x.csv", "--every", "0"], "--every"), (["predict", "-", "--follow"], "--follow"),
      (["predict", "x.csv", "--state", "s"], "--state"),
      (["predict", "x.csv", "--follow", "--picture", "p.svg"], "--picture"),
      (["predict", "x.csv", "--follow", "--page", "p.html"], "--page"),
      (["predict", "x.csv", "--alarm", "5/3"], "--alarm"),
      (["predict", "x.csv", "--release", "0"], "--release"),
      (["predict", "x.csv", "--hold", "0"], "--hold"), (["evaluate", "x.csv", "--alarm", "3"], "--alarm"),
      (["predict", "x.csv", "--events", "e.jsonl", "--history", "e.jsonl"], "--history"),
      (["predict", "x.csv", "--events", "p.html", "--page", "p.html"], "p.html"),
      (["predict", "x.csv", "--out", "same", "--picture", "same"], "same"),
      (["predict"], "file"),
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func eventsAndPageStandWhereTheyShouldAndAreKept() throws {
    let scratch = try Scratch()
    let arguments = [
      "predict", Command.samples + "/sensors/plant.csv", "--bundle", Command.base, "--out",
      scratch.path + "/p.jsonl",
      "--events", scratch.path + "/e.jsonl", "--page", scratch.path + "/r.html",
    ]
    let result = try Command.run(arguments)
    #expect(result.status == 0 && result.isPlain)
    #expect(result.errors.contains("Event 1 begins. From 2024-08-31"))
    let event = try String(contentsOfFile: scratch.path + "/e.jsonl", encoding: .utf8)
    #expect(event.split(separator: "\n").count == 1 && event.contains("\"fault\":\"bearing wear\""))
    #expect(
      try String(contentsOfFile: scratch.path + "/r.html", encoding: .utf8).contains("vibration carries"))
    #expect(try scratch.names() == ["e.jsonl", "p.jsonl", "r.html"])
    let again = try Command.run(arguments)
    #expect(again.status == 1 && again.errors.contains("--force"))
    let history = try Command.run([
      "predict", Command.samples + "/sensors/plant.csv", "--history", scratch.path + "/p.jsonl",
    ])
    #expect(history.status == 1 && history.errors.contains("p.jsonl, line 1:") && history.isPlain)
  }

  @Test(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
  func aMissingBundleIsNamed() throws {
    let result = try Command.run(["predict", "x.csv", "--bundle", "/no/such.braid"])
    #expect(result.status == 1)
    #expect(result.errors.contains("/no/such.braid") && result.errors.contains("--bundle"))
  }
}
