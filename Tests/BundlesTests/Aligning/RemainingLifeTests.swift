import Bundles
import Faults
import Foundation
import Layers
import Testing

/// Pumps that grow hotter to their end; the number to tell is the rows that are left.
@Suite("Remaining life with an interval")
struct RemainingLifeTests {
  private static func write(to folder: String) throws {
    var rng = SeededGenerator(seed: 4)
    var lines = ["id,split,group,series,start,end,target"]
    for pump in 0..<16 {
      let life = 60 + Int(40 * rng.uniform())
      var rows = ["temperature,flow"]
      for row in 1...life {
        let left = Float(life - row)
        rows.append("\(80 - left / 2 + 2 * rng.normal()),\(5 + 0.2 * rng.normal())")
      }
      try (rows.joined(separator: "\n") + "\n").write(
        toFile: "\(folder)/p\(pump).csv", atomically: true, encoding: .utf8)
      let split = pump < 8 ? "train" : pump < 12 ? "val" : "test"
      for end in stride(from: 20, through: life, by: 5) {
        lines.append("p\(pump)-\(end),\(split),pump\(pump),p\(pump).csv,\(end - 19),\(end),\(life - end)")
      }
    }
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: folder + "/manifest.csv", atomically: true, encoding: .utf8)
  }

  @Test("It is fitted on validation, told of every window, scored, kept, and refused where it is damaged")
  func throughout() throws {
    try TinyMachine.inFolder { folder in
      try Self.write(to: folder)
      let path = folder + "/life.braid"
      var options = AlignJob.Options(manifest: folder + "/manifest.csv", out: path, threads: 2)
      (options.epochs, options.seed) = (12, 1)
      let outcome = try AlignJob(options) { _, _, _ in }.run()
      let interval = try #require(outcome.bundle.description.calibrations[0].interval)
      #expect(interval.level == 0.9 && interval.isPositive && interval.rows > 40)
      #expect(try #require(interval.coverage) > 0.7)

      let bundle = try ModelBundle(path: path)
      #expect(bundle.description.calibrations[0].interval == interval)
      let (evaluation, _) = try EvaluateJob(
        manifest: folder + "/manifest.csv", split: .test, bundle: bundle, threads: 2
      ) { _, _, _ in }.run()
      let coverage = try #require(evaluation.tasks[0].coverage)
      #expect(coverage.level == 0.9 && coverage.share > 0.6 && coverage.width > 0)

      var lines: [FaultPrediction] = []
      _ = try PredictJob(.init(path: folder + "/p15.csv"), bundle: bundle).run { lines += $0 }
      for line in lines {
        let bounds = try #require(line.remainingInterval), remaining = try #require(line.remaining)
        let wanted = interval.bounds(remaining)
        #expect(bounds.lowerBound == wanted.low && bounds.upperBound == wanted.high && wanted.low >= 0)
      }
      #expect(!lines.isEmpty)

      let file = path + "/bundle.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      var json = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      var calibrations = try #require(json["calibrations"] as? [[String: Any]])
      var damaged = try #require(calibrations[0]["interval"] as? [String: Any])
      damaged["below"] = [Double]()
      calibrations[0]["interval"] = damaged
      json["calibrations"] = calibrations
      try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: file))
      #expect(throws: BundleError.self) { try ModelBundle(path: path) }
    }
  }
}
