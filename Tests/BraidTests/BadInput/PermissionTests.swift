import Foundation
import Testing

/// Inputs that may not be read and places that may not be written to, as a user without rights.
@Suite(.enabled(if: Nobody.canRun))  // needs root, setpriv, and a build that others may run
struct PermissionTests {
  let files: BadFiles
  init() throws {
    files = try BadFiles()
    try files.scratch.write(
      "closed/a.png", Data(contentsOf: URL(fileURLWithPath: files.good + "/frontal.png")))
    try files.scratch.write("locked.png", [1])
    try files.scratch.write("locked.csv", [1])
    for name in ["closed", "locked.png", "locked.csv"] { chmod(files.scratch.path + "/" + name, 0) }
  }

  private func run(_ arguments: [String]) throws -> Command.Result {
    try Command.run(
      arguments + (arguments[0] == "inspect" ? [] : ["--bundle", Command.base]), before: Nobody.words)
  }

  @Test func whatMayNotBeReadIsRefusedBesideTheGood() throws {
    let path = files.scratch.path
    for verb in [["inspect"], ["embed"], ["route"]] {
      let result = try run(verb + [path + "/closed", path + "/locked.png", files.good, "--quiet"])
      #expect(result.status == 2 && result.isPlain, "\(verb) \(result.errors)")
      #expect(result.errors.contains("/closed: ") && result.errors.contains("locked.png: "), "\(verb)")
      #expect(result.output.contains("frontal.png"))
    }
    let single = try run(["predict", path + "/locked.csv", "--quiet"])
    #expect(single.status == 1 && single.isPlain && single.errors.contains("locked.csv: "))
  }

  @Test func whatMayNotBeWrittenIsRefused() throws {
    let path = files.scratch.path
    for verb in [
      ["predict", files.good + "/plant.csv", "--out", path + "/p.jsonl"],
      ["report", files.good, "--out", path + "/reports"],
      ["embed", files.good + "/frontal.png", "--npy", path + "/e.npy"],
      ["inspect", files.good + "/frontal.png", "--npy", path + "/arrays"],
    ] {
      let before = try files.scratch.names()
      let result = try run(verb + ["--quiet"])
      #expect(
        result.status == 1 && result.isPlain && result.errors.contains(path), "\(verb) \(result.errors)")
      #expect(try files.scratch.names() == before)
    }
  }
}

/// A user without rights.
private enum Nobody {
  static let words = [
    "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
  ]

  static let canRun: Bool = {
    guard Command.isBuilt, geteuid() == 0, FileManager.default.isExecutableFile(atPath: words[0]) else {
      return false
    }
    let picture = Command.samples + "/scans/01-png/frontal.png"
    return (try? Command.run(["inspect", picture], before: words).status) == 0
  }()
}
