import Alignment
import Bundles
import Foundation
import Testing

@Suite("Bundles whose reports say no more than any would", .serialized)
struct ReportGateTests {
  @Test("Such a bundle is not written, unless that is accepted; its training is not lost")
  func refused() throws {
    let folder = try TemporaryFolder()
    _ = try TinyBundle.load()
    var options = AlignJob.Options(
      manifest: try TinyBundle.manifest(), out: folder.path + "/gated.braid", threads: 2)
    options.recipe = try TinyBundle.recipePath()
    options.epochs = 1
    #expect {
      _ = try AlignJob(options) { _, _, _ in }.run()
    } throws: { error in
      let words = "\(error)"
      return words.contains("not written") && words.contains("--resume --accept")
    }
    #expect(!FileManager.default.fileExists(atPath: options.out))
    #expect(FileManager.default.fileExists(atPath: options.out + ".training"))
    (options.resume, options.accept) = (true, true)
    let outcome = try AlignJob(options) { _, _, _ in }.run()
    let report = try #require(outcome.evaluations.first { $0.split == "val" }?.report)
    #expect(report.objection != nil && report.baselinesFrom == .train)
    #expect(report.all.n > 0 && report.all.baselines.nearest != nil)
    #expect(report.all.baselines.frequent.distinct == 1 / Double(report.all.n))
    // The record tells it, in bundle.json and in CARD.md.
    let stored = try ModelBundle(path: options.out).description.training.evaluations
    #expect(stored.first { $0.split == "val" }?.report == report)
    let card = try String(contentsOfFile: options.out + "/CARD.md", encoding: .utf8)
    #expect(card.contains("Reports on val") && card.contains("CIDEr"))
    let page = try String(contentsOfFile: options.out + "/results.html", encoding: .utf8)
    #expect(page.contains("the nearest scan's report"))
  }

  @Test("Evaluating compares with reports of the train part, where the manifest has one")
  func evaluated() throws {
    let bundle = try TinyBundle.load()
    let manifest = try TinyBundle.manifest()
    var job = EvaluateJob(manifest: manifest, split: .test, bundle: bundle, threads: 2) { _, _, _ in }
    job.reports = 9
    let report = try #require(try job.run().evaluation.report)
    #expect(report.baselinesFrom == .train && report.all.n <= 9)
    #expect(report.all.baselines.frequent.distinct == 1 / Double(report.all.n))
    // The same rows, the train part taken away.
    let rows = try String(contentsOfFile: manifest, encoding: .utf8).split(separator: "\n")
    let alone = (manifest as NSString).deletingLastPathComponent + "/test-alone.csv"
    try rows.filter { !$0.contains(",train,") }.joined(separator: "\n").write(
      toFile: alone, atomically: true, encoding: .utf8)
    job.manifest = alone
    let other = try #require(try job.run().evaluation.report)
    #expect(other.baselinesFrom == .split && other.all.written == report.all.written)
  }

  @Test("Evidence is tested where it is asked for, on as many scans as are asked for")
  func evidence() throws {
    let bundle = try TinyBundle.load()
    var job = EvaluateJob(
      manifest: try TinyBundle.manifest(), split: .test, bundle: bundle, threads: 2
    ) { _, _, _ in }
    job.reports = 1
    #expect(try job.run().evaluation.evidence == nil)
    job.evidence = 1000
    let all = try #require(try job.run().evaluation.evidence)
    job.evidence = 2
    let some = try #require(try job.run().evaluation.evidence)
    #expect(some.scans == 2 && all.scans > 2 && all.passed <= all.n)
    #expect(
      all.n + all.withoutRegion + all.untestable > 0, "otherwise no finding of the toy is called present")
  }
}
