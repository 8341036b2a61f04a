import Foundation
import Testing

/// Outputs on a disk without room: the error says so, and nothing half-written stays.
@Suite(.serialized, .enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct FullDiskTests {
  private static let plant = Command.samples + "/sensors/plant.csv"
  private static let scans = Command.samples + "/scans"
  private let bundle = ["--bundle", Command.base, "--quiet"]

  /// Files of a disk, whatever folders they stand in.
  private func files(_ disk: SmallDisk) throws -> [String] {
    try disk.scratch.names().filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: disk.path + "/" + name, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted only by root"))
  func outputsAreWholeOrAbsent() throws {
    for (kilobytes, verb) in [
      (8, ["predict", Self.plant, "--out", "DISK/p.jsonl"]),
      (4, ["embed", Self.scans, "--npy", "DISK/e.npy"]),
      (40, ["inspect", Self.scans + "/01-png/frontal.png", "--npy", "DISK/arrays", "--quiet"]),
      (
        256,
        [
          "align", Command.samples + "/sensors/manifest.csv", "--epochs", "1", "--quiet", "--out",
          "DISK/a.braid",
        ]
      ),
    ] {
      let disk = try SmallDisk(kilobytes: kilobytes)
      let arguments = verb.map { $0.replacingOccurrences(of: "DISK", with: disk.path) }
      let result = try Command.run(arguments + (["predict", "embed"].contains(verb[0]) ? bundle : []))
      #expect(result.status == 1 && result.isPlain, "\(verb) \(result.errors)")
      #expect(result.errors.contains("No space left"), "\(verb) \(result.errors)")
      // The recipe is kept for who starts again.
      #expect(try files(disk).filter { $0 != "a.braid.training/recipe.yaml" } == [], "\(verb)")
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted only by root"))
  func reportsAreWholeOrAbsent() throws {
    let disk = try SmallDisk(kilobytes: 40), out = disk.path + "/reports"
    let result = try Command.run(["report", Self.scans, "--out", out] + bundle)
    #expect(result.status == 1 && result.isPlain && result.errors.contains("No space left"))
    for study in try FileManager.default.contentsOfDirectory(atPath: out) where !study.hasSuffix(".json") {
      let written = try FileManager.default.contentsOfDirectory(atPath: out + "/" + study)
      #expect(written.contains("report.json") && written.contains("report.md"), "\(study): \(written)")
    }
    #expect(try !files(disk).contains { $0.contains(".partial") })
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted only by root"))
  func aReportThatCannotBeSignedStaysADraft() throws {
    let disk = try SmallDisk(kilobytes: 400), out = disk.path + "/reports", report = out + "/01-png"
    #expect(try Command.run(["report", Self.scans + "/01-png", "--out", out] + bundle).status == 0)
    let draft = try Data(contentsOf: URL(fileURLWithPath: report + "/report.json"))
    // Whatever room is left goes to a file of zeros.
    let filler = open(disk.path + "/filler", O_WRONLY | O_CREAT, 0o644)
    let page = [UInt8](repeating: 0, count: 4096)
    while write(filler, page, page.count) > 0 {}
    close(filler)
    let full = try Command.run(["sign", report, "--by", "Dr. Example"])
    #expect(full.status == 1 && full.isPlain && full.errors.contains("No space left"), "\(full.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: report + "/report.json")) == draft)
    #expect(try Command.run(["sign", report, "--check"]).output.contains("preliminary"))
    try FileManager.default.removeItem(atPath: disk.path + "/filler")
    #expect(try Command.run(["sign", report, "--by", "Dr. Example"]).status == 0)
    #expect(try Command.run(["sign", report, "--check"]).status == 0)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted only by root"))
  func aFollowedOutputHoldsWholeLinesAlone() throws {
    let disk = try SmallDisk(kilobytes: 8), out = disk.path + "/p.jsonl"
    let result = try Command.run(["predict", Self.plant, "--follow", "--out", out] + bundle)
    #expect(result.status == 1 && result.errors.contains("No space left"), "\(result.errors)")
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.isEmpty || text.hasSuffix("\n"))
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      ["inspect", Command.samples + "/scans/01-png"], ["grade", Command.samples + "/sensors/plant.csv"],
      ["predict", Command.samples + "/sensors/plant.csv", "--bundle", Command.base, "--quiet"],
      ["embed", Command.samples + "/scans/01-png", "--bundle", Command.base, "--quiet"],
      ["route", Command.samples + "/scans/01-png", "--bundle", Command.base],
      ["search", "a chest", "--in", Command.samples + "/scans/01-png", "--bundle", Command.base, "--quiet"],
      ["bench", "stream", Command.samples + "/sensors/plant.csv"],
    ])
  func resultsThatAreLostAreAFailure(verb: [String]) throws {
    let result = try Command.run(verb, output: "/dev/full")
    #expect(result.status == 1 && result.isPlain)
    #expect(result.errors.contains("standard output") && result.errors.contains("No space left"))
  }
}
