import Alignment
import Bundles
import Decoders
import Foundation
import Testing

@Suite("Dealt and audited trainings")
struct HonestTrainingTests {
  /// 20 recordings of two states without groups and splits, two windows each.
  private func unsplit(_ folder: TemporaryFolder) throws -> String {
    var dice = TinyMachine.Dice(state: 5)
    var lines = ["id,label,series,start,end"]
    for run in 0..<20 {
      var rows = ["a,b"]
      for _ in 0..<40 { rows.append("\(run % 2 == 0 ? dice.normal() : 4 + dice.normal()),\(dice.normal())") }
      try write(rows, to: folder.path + "/r\(run).csv")
      for part in 0..<2 {
        lines.append(
          "w\(run)-\(part),\(run % 2 == 0 ? "low" : "high"),r\(run).csv,\(part * 20 + 1),\(part * 20 + 20)")
      }
    }
    try write(lines, to: folder.path + "/manifest.csv")
    return folder.path + "/manifest.csv"
  }

  private func write(_ lines: [String], to path: String) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
  }

  private func options(_ manifest: String, _ out: String) -> AlignJob.Options {
    var options = AlignJob.Options(manifest: manifest, out: out, threads: 1)
    (options.epochs, options.seed) = (2, 6)
    return options
  }

  @Test("Unsplit rows are dealt out, the bundle says how, and evaluate scores the very same rows")
  func dealt() throws {
    let folder = try TemporaryFolder(), manifest = try unsplit(folder)
    let outcome = try AlignJob(options(manifest, folder.path + "/a.braid")) { _, _, _ in }.run()
    let record = outcome.bundle.description.training, dealt = try #require(record.dealt)
    #expect(dealt.parts == "5:3:2" && record.rows["train"] == 20 && record.rows["test"] == dealt.test.count)
    #expect(dealt.val.count == 12 && dealt.test.count == 8 && record.audit?.counts == [])
    for id in dealt.test + dealt.val {
      let twin = String(id.dropLast()) + (id.hasSuffix("0") ? "1" : "0")
      #expect(dealt.test.contains(id) == dealt.test.contains(twin))
    }
    func evaluate(_ split: Split) throws -> Evaluation {
      try EvaluateJob(manifest: manifest, split: split, bundle: outcome.bundle, threads: 1) { _, _, _ in }
        .run()
        .evaluation
    }
    let test = try #require(outcome.evaluations.last)
    #expect(try test.split == "test" && evaluate(.test).tasks[0].confusion == test.tasks[0].confusion)
    #expect(try evaluate(.train).n == 20 && evaluate(.val).n == 12)
    let card = try String(contentsOfFile: folder.path + "/a.braid/CARD.md", encoding: .utf8)
    #expect(card.contains("dealt out 5:3:2 with seed 6"))
    // Another file may hold other rows under the same ids.
    try write([String(contentsOfFile: manifest, encoding: .utf8), "x,low,r0.csv,1,20"], to: manifest)
    let error = #expect(throws: BundleError.self) { try evaluate(.test) }
    #expect(error?.reason.contains("not the file whose rows were dealt out") == true)
    #expect(try evaluate(.train).n == 41)
  }

  @Test("Other parts by choice; none beside a column split, or where rows hang together")
  func chosen() throws {
    let folder = try TemporaryFolder(), manifest = try unsplit(folder), out = folder.path + "/a.braid"
    var options = options(manifest, out)
    options.splitParts = try #require(SplitParts("1:0:1"))
    let prepared = try AlignJob(options) { _, _, _ in }.audit().audit.record
    #expect(prepared.rows["test"] == 20)
    options.manifest = try TrainedToy.shared.get().manifest
    let split = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
    #expect(split?.path == "--split-parts" && split?.remedy.contains("column split") == true)
    options.manifest = folder.path + "/one.csv"
    try write(
      ["label,series,start,end"]
        + (0..<12).map { "\($0 < 6 ? "a" : "b"),r0.csv,\($0 * 2 + 1),\($0 * 2 + 12)" },
      to: options.manifest)
    let one = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
    #expect(one?.reason.contains("hang together") == true && !FileManager.default.fileExists(atPath: out))
    options.splitParts = nil
    let outcome = try AlignJob(options) { _, _, _ in }.run()
    #expect(outcome.isUndealt && outcome.bundle.description.training.dealt == nil)
  }

  /// A picture of blobs that depend on `seed`; `light` is added to every pixel.
  private func picture(_ seed: Int, light: Int, to path: String) throws {
    var dice = TinyMachine.Dice(state: UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<5 { _ = dice.uniform() }
    let blocks = (0..<64).map { _ in Int(120 * dice.uniform()) }
    let pixels = (0..<1024).map { UInt8(min(255, 40 + light + blocks[$0 / 128 * 8 + $0 % 32 / 4])) }
    try Data(PNGEncoder.encode(Raster(shape: [32, 32], samples: .uint8(pixels)))).write(
      to: URL(filePath: path))
  }

  @Test("Copies in the test part are found; record, card and page tell both scores")
  func audited() throws {
    let folder = try TemporaryFolder()
    var lines = ["id,split,label,image"]
    for index in 0..<40 {
      let split = index < 24 ? "train" : index < 30 ? "val" : "test"
      // Rows 30 to 32 are train rows 0 to 2, a little brighter.
      try picture(
        (30..<33).contains(index) ? index - 30 : index, light: index < 30 ? 0 : 20,
        to: folder.path + "/p\(index).png")
      lines.append("p\(index),\(split),\(index % 2 == 0 ? "one" : "two"),p\(index).png")
    }
    try write(lines, to: folder.path + "/manifest.csv")
    let options = options(folder.path + "/manifest.csv", folder.path + "/a.braid")
    let outcome = try AlignJob(options) { _, _, _ in }.run()
    #expect(outcome.audit.seen(in: .test) == ["p30", "p31", "p32"] && outcome.audit.seen(in: .val).isEmpty)
    #expect(outcome.honest.map(\.split) == ["test"] && outcome.honest[0].n == 7)
    #expect(outcome.evaluations.last?.n == 10)
    let record = outcome.bundle.description.training
    #expect(record.audit == outcome.audit.record && record.honest?.first?.n == 7)
    let sentence = "3 of 10 test rows have a picture that an earlier split has too"
    for file in ["CARD.md", "results.html"] {
      let text = try String(contentsOfFile: options.out + "/" + file, encoding: .utf8)
      #expect(text.contains(sentence) && text.contains("p30 and p0 of train"), "\(file)")
    }
    let page = try String(contentsOfFile: options.out + "/results.html", encoding: .utf8)
    #expect(
      page.contains("test, new rows alone") && page.contains("test, all rows")
        && page.contains("3 test rows are not new to the model"))
    let (dry, refused) = try AlignJob(options) { _, _, _ in }.audit()
    #expect(dry.record == outcome.audit.record && refused.isEmpty)
  }
}
