import Alignment
import Bundles
import Decoders
import Encoders
import Foundation
import Layers
import Testing

/// Examinations of two views each: a bright corner of the second tells the label; the first says nothing.
@Suite("Views of one examination", .serialized)
struct ViewsTests {
  private static let recipe = """
    epochs: 40
    learningRate: 0.003
    batch: 8
    embedding: 16
    contrastWeight: 0.1
    vision:
      channels: 1
      side: 16
      stem:
        patches:
          size: 8
      width: 16
      depth: 1
      hidden: 32
      heads: 2
      dropout: 0
      frames: 2
      temporalDepth: 1
    """

  private func write(_ folder: String) throws -> String {
    var rng = SeededGenerator(seed: 4)
    var lines = ["id,split,group,label,image"]
    for index in 0..<48 {
      let isBright = index % 2 == 0
      for (name, level) in [("a", 100), ("b", isBright ? 220 : 100)] {
        let pixels = (0..<256).map { pixel in
          UInt8((pixel / 16 < 8 && pixel % 16 < 8 ? level : 100) + rng.below(30))
        }
        let raster = Raster(shape: [16, 16], samples: .uint8(pixels))
        try Data(try PNGEncoder.encode(raster)).write(to: URL(filePath: "\(folder)/\(index)\(name).png"))
      }
      let split = index < 32 ? "train" : index < 40 ? "val" : "test"
      lines.append("e\(index),\(split),p\(index),\(isBright ? "bright" : "dark"),\(index)a.png;\(index)b.png")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder + "/manifest.csv"))
    try Data(Self.recipe.utf8).write(to: URL(filePath: folder + "/recipe.yaml"))
    return folder + "/manifest.csv"
  }

  @Test("They are learned together, and a report on a study encodes them together")
  func together() throws {
    let folder = try TemporaryFolder()
    var options = AlignJob.Options(
      manifest: try write(folder.path), out: folder.path + "/views.braid", threads: 2)
    options.recipe = folder.path + "/recipe.yaml"
    let outcome = try AlignJob(options) { _, _, _ in }.run()
    let known = outcome.bundle.description
    #expect(known.kinds == [[.views]])
    let figures = try #require(known.views?.first)
    #expect(figures.n == 8 && figures.together == 1)
    #expect(try #require(outcome.evaluations.first { $0.split == "test" }).accuracy == 1)

    // A picture by itself is taken too, as one of those that were learned from.
    let study = folder.path + "/scans/one"
    try FileManager.default.createDirectory(atPath: study, withIntermediateDirectories: true)
    for name in ["40a.png", "40b.png"] {
      try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: study + "/" + name)
    }
    let bundle = try ModelBundle(path: options.out)
    #expect(bundle.description.views == known.views)
    var report = ReportJob.Options(folders: [folder.path + "/scans"], out: folder.path + "/reports")
    report.formats = [.json]
    _ = try ReportJob(report, bundle: bundle).run()
    let written = try Data(contentsOf: URL(filePath: folder.path + "/reports/one/report.json"))
    let tree = try #require(JSONSerialization.jsonObject(with: written) as? [String: Any])
    let selector = try #require(tree["selector"] as? [String: Any])
    let task = try #require((selector["tasks"] as? [[String: Any]])?.first)
    #expect(task["together"] as? [String] == ["40a.png", "40b.png"])
    let said = try #require(tree["findings"] as? [[String: Any]])
    let bright = try #require(said.first { $0["name"] as? String == "bright" })
    #expect(try #require(bright["probability"] as? Double) > 0.5)
    // Where validation had pooling ahead, each view answers by itself.
    var pooling = bundle
    pooling.description.views?[0].lead = 0.01
    report.out = folder.path + "/pooled"
    _ = try ReportJob(report, bundle: pooling).run()
    let other = try Data(contentsOf: URL(filePath: folder.path + "/pooled/one/report.json"))
    let record = (try JSONSerialization.jsonObject(with: other) as? [String: Any])?["selector"]
    let apart = try #require(((record as? [String: Any])?["tasks"] as? [[String: Any]])?.first)
    #expect(apart["together"] as? [String] == [])
    // What shows it is sought in each view while the others stand beside it.
    let places = try #require(bright["evidence"] as? [[String: Any]])
    #expect(!places.isEmpty && places.allSatisfy { $0["input"] as? String == "40b.png" })
    let region = try #require(places.first?["region"] as? [Double])
    #expect(region[0] < 4 && region[1] < 4 && region[0] + region[2] <= 12 && region[1] + region[3] <= 12)
  }
}
