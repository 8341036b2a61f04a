import Foundation
import Testing

/// Runs the built `braid`; skipped where only the tests were built.
@Suite("Exit codes of the command", .enabled(if: Package.command != nil, "braid is not built"))
struct CommandTests {
  private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    let process = Process(), output = Pipe(), errors = Pipe()
    process.executableURL = URL(filePath: try #require(Package.command))
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problems = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      String(decoding: problems, as: UTF8.self)
    )
  }

  @Test("inspect: 0 where all is read, 2 with a refused file, 64 for wrong usage")
  func inspect() throws {
    let scans = Package.samples + "/scans"
    #expect(try run(["inspect", "--json", scans + "/01-png/frontal.png"]).code == 0)
    let broken = try run([
      "inspect", "--json", scans + "/10-broken-file/broken.png", scans + "/01-png/frontal.png",
    ])
    #expect(broken.code == 2)
    #expect(broken.output.split(separator: "\n").count == 2)
    #expect(broken.errors.contains("broken.png"))
    #expect(try run(["inspect"]).code == 64)
    #expect(try run(["inspect", "--frames", "0", scans]).code == 64)
  }

  @Test("report: 2 with a refused file, 1 without any scan or bundle, 64 for wrong usage")
  func report() throws {
    let out = try TemporaryFolder(), empty = try TemporaryFolder()
    let bundle = try TinyBundle.shared.get().path
    let scans = Package.samples + "/scans"
    let fine = try run(["report", scans + "/01-png", "--out", out.path, "--bundle", bundle, "--quiet"])
    #expect(fine.code == 0, "\(fine.errors)")
    let broken = try run(
      ["report", scans + "/10-broken-file", "--out", out.path, "--bundle", bundle, "--quiet", "--json"])
    #expect(broken.code == 2 && broken.errors.contains("broken.png") && broken.output.contains("truncated"))
    #expect(try run(["report", empty.path, "--out", out.path, "--bundle", bundle]).code == 1)
    #expect(try run(["report", scans, "--out", out.path, "--bundle", empty.path]).code == 1)
    #expect(try run(["report", scans, "--out", out.path, "--format", "pdf"]).code == 64)
    #expect(try run(["report", scans]).code == 64)
  }

  @Test("sign: a draft once, then refused; verify tells a change")
  func sign() throws {
    let out = try TemporaryFolder()
    let bundle = try TinyBundle.shared.get().path
    _ = try run([
      "report", Package.samples + "/scans/01-png", "--out", out.path, "--bundle", bundle, "--quiet",
    ])
    let folder = out.path + "/01-png"
    #expect(try run(["sign", folder]).code == 64)
    #expect(try run(["sign", folder, "--by", "Dr. Example"]).code == 0)
    #expect(try run(["sign", folder, "--by", "Dr. Example"]).code == 1)
    #expect(try run(["sign", folder, "--check"]).code == 0)
    let file = folder + "/report.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"impression\": \"", with: "\"impression\": \"Changed. ")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let changed = try run(["sign", folder, "--check", "--json"])
    #expect(changed.code == 1 && changed.output.contains("\"intact\":false"))
  }

  @Test("--labels-file: bad files are refused with their lines, answers are called zero-shot")
  func labelsFile() throws {
    let folder = try TemporaryFolder()
    let bundle = try TinyBundle.shared.get().path, good = folder.path + "/good.csv",
      bad = folder.path + "/bad.csv"
    try "label,text\nbroken rib,a rib is broken\nclear,both lungs are clear\n".write(
      toFile: good, atomically: true, encoding: .utf8)
    try "label,text\nbroken rib,\n".write(toFile: bad, atomically: true, encoding: .utf8)
    let sensors = Package.samples + "/sensors"
    for verb in [
      ["predict", sensors + "/plant.csv"],
      ["report", Package.samples + "/scans/01-png", "--out", folder.path + "/a"],
      ["evaluate", sensors + "/manifest.csv"],
    ] {
      let refused = try run(verb + ["--labels-file", bad, "--bundle", bundle, "--quiet"])
      #expect(
        refused.code == 1 && refused.errors.contains("bad.csv, line 2, column text"), "\(refused.errors)")
      #expect(
        refused.errors.contains("has no text") && !FileManager.default.fileExists(atPath: folder.path + "/a"))
    }
    let scans = [
      "report", Package.samples + "/scans/01-png", "--out", folder.path + "/b", "--labels-file", good,
      "--bundle", bundle,
    ]
    let report = try run(scans)
    #expect(report.code == 0 && report.errors.contains("not calibrated"), "\(report.errors)")
    #expect(
      try run(["align", sensors + "/manifest.csv", "--out", folder.path + "/c", "--leave-out", ","]).code
        == 64)
    #expect(
      try run([
        "evaluate", "x", "--labels-file", good, "--recalibrate", folder.path + "/d", "--bundle", bundle,
      ]).code
        == 64)
  }

  @Test("evaluate: figures with their intervals, as text and as JSON")
  func evaluate() throws {
    let toy = try TrainedToy.shared.get()
    let arguments = ["evaluate", toy.manifest, "--bundle", toy.bundlePath, "--quiet"]
    let text = try run(arguments)
    #expect(text.code == 0 && text.output.contains("1000 draws of 6 groups"), "\(text.errors)")
    #expect(text.output.contains(#/accuracy [01]\.\d{4} \[[01]\.\d{4}, [01]\.\d{4}\]/#))
    let json = try run(arguments + ["--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let bounds = try #require((object["intervals"] as? [String: [Double]])?["accuracy"])
    let accuracy = try #require(object["accuracy"] as? Double)
    #expect(bounds.count == 2 && bounds[0] <= accuracy && accuracy <= bounds[1])
    #expect(!json.output.contains("\"map\""))
  }
}
