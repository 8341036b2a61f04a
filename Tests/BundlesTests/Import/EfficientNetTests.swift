import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Testing

/// A tiny EfficientNet-Lite against the embedding that PyTorch computes with the same weights
/// (Scripts/reference/make-efficientnet-fixtures).
@Suite struct EfficientNetTests {
  struct Expected: Decodable {
    var side: Int
    var features: [Float]
    var embedding: [Float]
  }

  /// The formula of the script.
  static func picture(_ side: Int) -> Picture {
    Picture(
      side: side, channels: 3,
      pixels: (0..<side * side * 3).map { index in
        let (y, x, c) = (index / (3 * side), index / 3 % side, index % 3)
        return UInt8((y * 37 + x * 11 + c * 71 + x * y * 3) % 256)
      })
  }

  @Test(arguments: ["lite", "lite-timm"]) func sameEmbedding(fixture: String) throws {
    let known = try ImportTests.expected(Expected.self, "lite.json")
    try Scratch.with { scratch in
      let out = scratch + "/lite.braid"
      let bundle = try ImportJob(.init(folder: ImportTests.fixtures.path + "/" + fixture, out: out)).run()
      #expect(bundle.description.vision?.side == known.side && bundle.description.embedding == 24)
      let picture = Self.picture(known.side)
      let found = try #require(bundle.predictor.predict([.image(picture)], task: 0).first?.embedding)
      #expect(ImportTests.farthest(found, known.embedding) < 1e-4)
      let clip = bundle.predictor.predict([.clip([picture, picture])], task: 0)
      #expect(ImportTests.farthest(try #require(clip.first?.embedding), found) < 1e-5)
      let leftOut = Set(bundle.description.origin?.leftOut ?? [])
      #expect(leftOut.contains(fixture == "lite" ? "_fc.weight" : "classifier.weight"))
      #expect(leftOut.contains { $0.hasSuffix("num_batches_tracked") })
      let card = try String(contentsOfFile: out + "/CARD.md", encoding: .utf8)
      #expect(card.contains("cuts out the middle") && card.contains("bicubic"))
    }
  }

  @Test func everyWeightThatDoesNotFitIsNamed() throws {
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy("lite", to: folder)
      try Scratch.rewrite(folder) { entries in
        entries.removeAll { $0.name == "_blocks.2._bn1.running_var" || $0.name == "_conv_head.weight" }
        entries.append(.init(name: "_blocks.1._se_reduce.weight", shape: [1], values: [0]))
        for index in entries.indices where entries[index].name == "_bn0.weight" {
          (entries[index].shape, entries[index].values) = ([7], .init(repeating: 1, count: 7))
        }
      }
      let error = #expect(throws: BundleError.self) {
        try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      }
      let reason = try #require(error?.reason)
      #expect(reason.contains("_blocks.2._bn1.running_var is not in the checkpoint"))
      #expect(reason.contains("_conv_head.weight is not in the checkpoint"))
      #expect(reason.contains("_blocks.1._se_reduce.weight of the checkpoint has no place"))
      #expect(reason.contains("_bn0.weight has shape [7] in the checkpoint and [8]"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == ["model"])
    }
  }

  @Test(arguments: [
    (#""stem_width": 8"#, #""stem_width": 0"#, "stem_width is 0"),
    ("[2, 5, 2, 2, 8]", "[2, 4, 2, 2, 8]", "it must be odd"),
    ("[2, 5, 2, 2, 8]", "[2, 5, 2, 2]", "lists of repeats"),
    ("[2, 5, 2, 2, 8]", "[2, 5, 2, 16, 4096]", "config.json describes about"),
    (#""num_features": 24"#, #""num_features": 25"#, "_conv_head.weight has shape"),
  ]) func configurations(old: String, new: String, reason: String) throws {
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy("lite", to: folder)
      try Scratch.edit(folder + "/config.json", old, new)
      let error = #expect(throws: BundleError.self) {
        try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      }
      #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }
  }

  @Test func itHasNoFirstToken() throws {
    try Scratch.with { scratch in
      var options = ImportJob.Options(folder: ImportTests.fixtures.path + "/lite", out: scratch + "/out")
      options.pooling = .first
      let error = #expect(throws: BundleError.self) { try ImportJob(options).run() }
      #expect(error?.path == "--pooling")
    }
  }

  @Test func aTrainingStartsFromIt() throws {
    try Scratch.with { scratch in
      let imported = try ImportJob(
        .init(folder: ImportTests.fixtures.path + "/lite", out: scratch + "/lite.braid")
      ).run()
      var rows = ["id,split,label,image"]
      for index in 0..<12 {
        let level = index % 2 == 0 ? 40 + index : 200 + index
        try GreyPNG.write(side: 36, level: UInt8(level), to: scratch + "/\(index).png")
        rows.append(
          "\(index),\(index < 8 ? "train" : "val"),\(index % 2 == 0 ? "dark" : "bright"),\(index).png")
      }
      try Scratch.write(rows.joined(separator: "\n") + "\n", scratch + "/manifest.csv")
      var options = AlignJob.Options(
        manifest: scratch + "/manifest.csv", out: scratch + "/trained.braid", threads: 1)
      (options.from, options.epochs) = ([scratch + "/lite.braid"], 2)
      let trained = try AlignJob(options) { _, _, _ in }.run().bundle
      #expect(trained.description.vision?.inverted == imported.description.vision?.inverted)
      let before = Dictionary(
        uniqueKeysWithValues: imported.model.parameters("").map { ($0.name, $0.tensor) })
      let after = trained.model.parameters("").filter { $0.name.hasPrefix("vision.") }
      #expect(after.count > 20)
      // Two gentle epochs move biases a little and nothing far; matrices are rounded in storage anyway.
      var moved = 0, biases = 0
      for (name, tensor) in after {
        let old = try #require(before[name]).floats(), new = tensor.floats()
        #expect(ImportTests.farthest(old, new) < 0.05, "\(name)")
        guard name.hasSuffix(".bias") else { continue }
        biases += 1
        if old != new { moved += 1 }
      }
      #expect(2 * moved > biases)
    }
  }
}
