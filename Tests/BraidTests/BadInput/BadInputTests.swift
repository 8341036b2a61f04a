import Foundation
import Testing

/// What cannot be read is refused with place, reason and remedy, and the rest of the work is done.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct BadInputTests {
  let files: BadFiles
  init() throws { files = try BadFiles() }

  /// Every broken scan is named in the errors.
  private func namesScans(_ errors: String, except: Set<String> = []) -> Bool {
    BadFiles.scans.keys.filter { !except.contains($0) }.allSatisfy { errors.contains("/" + $0) }
  }

  @Test func inspectDescribesTheGoodAndRefusesTheBad() throws {
    let nothing = files.scratch.path + "/nothing"
    let result = try Command.run(["inspect", files.bad, files.good, nothing, "--json", "--quiet"])
    #expect(result.status == 2 && result.isPlain)
    var codes: [String: String] = [:], described = 0
    for line in result.output.split(separator: "\n") {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let path = try #require(object["path"] as? String), name = (path as NSString).lastPathComponent
      guard let error = object["error"] as? [String: Any] else {
        described += 1
        continue
      }
      codes[name] = error["code"] as? String
      #expect((error["reason"] as? String)?.hasSuffix(".") == true, "\(name)")
      #expect((error["remedy"] as? String)?.hasSuffix(".") == true, "\(name)")
      #expect(result.errors.contains(path))
    }
    var expected = BadFiles.scans.merging(BadFiles.recordings) { first, _ in first }
    expected["nothing"] = "notFound"
    #expect(codes == expected)
    #expect(described == 2)
  }

  @Test func namedFoldersWithoutFilesAreRefused() throws {
    let folder = files.bad + "/folder.png"
    for verb in [["inspect"], ["embed", "--bundle", Command.base], ["route", "--bundle", Command.base]] {
      let result = try Command.run(verb + [folder, files.good + "/frontal.png", "--quiet", "--json"])
      #expect(result.status == 2 && result.errors.contains(folder), "\(verb) \(result.errors)")
      #expect(result.output.contains("frontal.png"))
    }
  }

  @Test func reportDraftsWhatCanBeDrafted() throws {
    let out = files.scratch.path + "/reports"
    let result = try Command.run([
      "report", files.good, files.bad, files.scratch.path + "/nowhere", "--out", out, "--quiet", "--bundle",
      Command.base,
    ])
    #expect(result.status == 2 && result.isPlain)
    #expect(namesScans(result.errors) && result.errors.contains(files.scratch.path + "/nowhere:"))
    #expect(result.output.contains("good:") && result.output.contains("bad:"))
    // What was not looked at is not said to be healthy.
    #expect(!result.output.contains("bad: no finding present"))
    let written = try FileManager.default.subpathsOfDirectory(atPath: out)
    #expect(written.contains("good/report.json") && !written.contains { $0.contains(".partial") })
    let none = try Command.run([
      "report", files.scratch.path + "/nothing", "--out", out + "2", "--quiet", "--bundle", Command.base,
    ])
    #expect(none.status == 1 && none.errors.contains("nothing: No scan was found"))
    #expect(!FileManager.default.fileExists(atPath: out + "2"))
  }

  @Test(arguments: [["embed"], ["route"], ["search", "a chest", "--in"]])
  func foldersAreReadPastWhatIsBroken(verb: [String]) throws {
    let more = verb.contains("--in") ? ["--in"] : []
    let result = try Command.run(
      verb + [files.bad] + more + [files.good, "--quiet", "--json", "--bundle", Command.base])
    #expect(result.status == 2 && result.isPlain)
    #expect(namesScans(result.errors))
    #expect(result.errors.contains("cut.csv.gz") && result.errors.contains("corrupt.csv.gz"))
    #expect(result.output.contains("frontal.png") && result.output.contains("plant.csv"))
  }

  @Test(arguments: [["embed"], ["route"], ["search", "a chest", "--in"], ["inspect"], ["bench", "decode"]])
  func nothingToDoIsSaid(verb: [String]) throws {
    let bundle = verb[0] == "inspect" || verb[0] == "bench" ? [] : ["--bundle", Command.base]
    for name in ["nothing", "absent"] {
      let result = try Command.run(verb + [files.scratch.path + "/" + name, "--quiet"] + bundle)
      #expect(result.status != 0 && result.isPlain && result.errors.contains("/" + name), "\(verb)")
    }
  }

  @Test func benchDecodeNamesWhatItCannotRead() throws {
    let mixed = try Command.run(["bench", "decode", files.scratch.path, "--json", "--quiet"])
    #expect(mixed.status == 2 && mixed.isPlain && namesScans(mixed.errors))
    #expect(mixed.output.contains("\"format\":\"png\""))
  }

  @Test func oneRecordingThatCannotBeReadIsAFailure() throws {
    let names = Array(BadFiles.recordings.keys) + ["folder.csv", "absent.csv", "huge.png", "circle.png"]
    for name in names {
      let path = files.bad + "/" + name, out = files.scratch.path + "/out"
      let bundle = ["--bundle", Command.base, "--quiet"]
      for verb in [
        ["predict", path, "--out", out] + bundle, ["grade", path], ["bench", "stream", path],
        ["search", "--series", path, "--in", files.good] + bundle,
        ["align", path, "--out", out, "--quiet"], ["evaluate", path] + bundle,
      ] {
        let result = try Command.run(verb)
        #expect(result.status == 1 && result.isPlain && result.output.isEmpty, "\(verb)")
        #expect(result.errors.contains(name), "\(verb): \(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
    }
    for bytes in [Data(), Data([0, 1, 2, 3])] {
      let result = try Command.run(["predict", "-", "--quiet", "--bundle", Command.base], input: bytes)
      #expect(result.status == 1 && result.isPlain && result.errors.contains("-:"))
    }
  }

  @Test func gradeGoesOnToTheNextRecording() throws {
    let broken = BadFiles.recordings.keys.sorted().map { files.bad + "/" + $0 }
    let result = try Command.run(["grade"] + broken + [files.good + "/plant.csv", "--json", "--quiet"])
    #expect(result.status == 2 && result.isPlain)
    for path in broken { #expect(result.errors.contains(path), "\(path)") }
    #expect(result.output.contains("\"pressure\""))
  }

  @Test func foldersThatAreNoReportAndNoModelAreRefused() throws {
    for place in ["nothing", "bad", "bad/empty.png", "absent"] {
      let path = files.scratch.path + "/" + place, out = files.scratch.path + "/imported"
      for verb in [
        ["sign", path, "--by", "Dr. Example"], ["sign", path, "--check"], ["import", path, "--out", out],
      ] {
        let result = try Command.run(verb)
        #expect(result.status == 1 && result.isPlain && result.errors.contains(place), "\(verb)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
    }
  }
}
