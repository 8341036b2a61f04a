import Foundation
import Testing

/// The options that every verb takes.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct SharedOptionTests {
  private static let plant = Command.samples + "/sensors/plant.csv"
  private static let scan = Command.samples + "/scans/01-png/frontal.png"
  private static let verbs: [[String]] = [
    ["inspect", scan], ["predict", plant, "--bundle", Command.base], ["grade", plant],
    ["embed", scan, "--bundle", Command.base], ["route", scan, "--bundle", Command.base],
    ["search", "a chest", "--in", Command.samples + "/scans/01-png", "--bundle", Command.base],
    ["bench", "stream", plant], ["bench", "decode", Command.samples + "/scans/01-png"],
  ]

  @Test(arguments: verbs)
  func everyVerbTakesThem(verb: [String]) throws {
    let result = try Command.run(verb + ["--threads", "1", "--seed", "7", "--quiet", "--json"])
    #expect(result.status == 0, "\(result.errors)")
    // Only remarks on the input itself may stand there: no progress, no summary.
    #expect(!result.errors.contains("\"progress\""))
    for line in result.output.split(separator: "\n") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
    #expect(!result.output.isEmpty)
    #expect(try Command.run(verb + ["--threads", "0"]).status == 64)
    #expect(try Command.run(verb + ["--seed", "x"]).status == 64)
  }

  @Test func theNumberOfThreadsDoesNotChangeResults() throws {
    let recordings = ["run-01.csv", "run-02.csv.gz", "run-03.csv", "run-04.csv"].map {
      Command.samples + "/sensors/runs/" + $0
    }
    for verb in [
      ["predict", Self.plant, "--bundle", Command.base, "--quiet"],
      ["grade", "--json", "--quiet"] + recordings,
      ["embed", Command.samples + "/scans", "--bundle", Command.base, "--quiet"],
      ["inspect", Command.samples + "/scans", "--json", "--quiet"],
    ] {
      let one = try Command.run(verb + ["--threads", "1"]),
        three = try Command.run(verb + ["--threads", "3"])
      #expect(
        one.output == three.output && one.errors == three.errors && one.status == three.status, "\(verb)")
    }
  }

  /// An option that changes nothing in a verb is not offered there.
  @Test(arguments: [
    ("import", false, false), ("sign", false, false), ("predict", true, false), ("report", true, false),
    ("inspect", true, false), ("grade", true, false), ("align", true, true),
  ])
  func helpShowsWhatWorks(verb: String, threads: Bool, seed: Bool) throws {
    let help = try Command.run([verb, "--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("--threads") == threads && help.output.contains("--seed") == seed)
    #expect(help.output.contains("--json") && help.output.contains("--quiet"))
  }

  @Test func theSeedDecidesWhichLabelsStay() throws {
    let scratch = try Scratch()
    func kept(_ seed: String) throws -> [String] {
      let out = scratch.path + "/\(UUID().uuidString).braid"
      let result = try Command.run([
        "align", Command.samples + "/sensors/manifest.csv", "--labels", "10%", "--epochs", "1", "--seed",
        seed,
        "--threads", "1", "--quiet", "--out", out,
      ])
      try #require(result.status == 0, "\(result.errors)")
      let data = try Data(contentsOf: URL(fileURLWithPath: out + "/bundle.json"))
      let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return try #require((object?["training"] as? [String: Any])?["keptIDs"] as? [String])
    }
    let first = try kept("1")
    #expect(try kept("1") == first && !first.isEmpty)
    #expect(try kept("2") != first)
  }
}
