import Foundation
import Testing

/// A manifest some of whose files cannot be read.
@Suite(.enabled(if: Command.isBuilt))  // `swift build --product braid` first
struct BadManifestTests {
  let files: BadFiles
  let manifest: String
  /// Rows that cannot be used and the words that must be said of them.
  private static let broken = [
    ("p1", "bad/cut.png"), ("p2", "bad/huge.png"), ("p3", "bad/folder.png"), ("p4", "bad/circle.png"),
    ("p5", "bad/absent.png"), ("p6", "bad/cut.dcm"), ("p7", "bad/corrupt.png"),
  ]

  init() throws {
    files = try BadFiles()
    var lines = ["id,split,label,image,series,start,end"]
    for row in 0..<8 {
      let split = row < 6 ? "train" : "val", label = row % 2 == 0 ? "one" : "two"
      try files.scratch.write(
        "rows/\(row).png",
        Data(
          contentsOf: URL(
            fileURLWithPath: Command.samples + "/scans/0\(row % 2 == 0 ? 1 : 4)-"
              + (row % 2 == 0 ? "png" : "two-views") + "/frontal.png")))
      lines.append("g\(row),\(split),\(label),rows/\(row).png,,,")
    }
    for (id, path) in Self.broken { lines.append("\(id),train,one,\(path),,,") }
    lines.append("s1,train,one,,bad/text.csv,1,60")
    lines.append("s2,train,one,,bad/cut.csv.gz,1,60")
    lines.append("s3,train,one,,bad/corrupt.csv.gz,1,60")
    manifest = try files.scratch.write("manifest.csv", lines.joined(separator: "\n").utf8)
  }

  @Test func alignLearnsFromTheRestAndNamesTheRows() throws {
    let out = files.scratch.path + "/a.braid"
    let result = try Command.run([
      "align", manifest, "--out", out, "--epochs", "1", "--quiet", "--threads", "1",
    ])
    #expect(result.status == 2 && result.isPlain, "\(result.errors)")
    for (id, _) in Self.broken + [("s1", ""), ("s2", ""), ("s3", "")] {
      #expect(result.errors.contains("\(id): "), "\(id)")
    }
    #expect(result.errors.contains("No column holds numbers"))
    #expect(FileManager.default.fileExists(atPath: out + "/weights.safetensors"))
    #expect(try !files.scratch.names().contains { $0.contains(".partial") || $0.contains(".training") })
    let scored = try Command.run(["evaluate", manifest, "--split", "train", "--bundle", out, "--quiet"])
    #expect(scored.status == 2 && scored.errors.contains("p5: ") && scored.errors.contains("p2: "))
  }

  @Test func evaluateSaysWhyNoRowCouldBeRead() throws {
    let path = try files.scratch.write(
      "all.csv", "id,split,image\na,test,bad/cut.png\nb,test,bad/huge.png\n".utf8)
    let result = try Command.run(["evaluate", path, "--bundle", Command.base, "--quiet"])
    #expect(result.status == 1 && result.errors.contains("cut.png"))
  }

  @Test func forceReplacesBundlesOnly() throws {
    let precious = try files.scratch.write("thesis/chapter.txt", "Words.".utf8)
    let folder = files.scratch.path + "/thesis"
    for place in [folder, folder + "/", precious] {
      for verb in [["align", manifest], ["import", files.good]] {
        let result = try Command.run(verb + ["--out", place, "--force"])
        #expect(result.status == 1 && result.errors.contains("no bundle"), "\(verb) \(result.errors)")
      }
    }
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "Words.")
  }
}
