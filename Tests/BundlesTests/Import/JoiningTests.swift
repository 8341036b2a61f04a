import Alignment
import Bundles
import Foundation
import Layers
import Tensors
import Testing

/// Trainings that start from the encoders of several sources.
@Suite struct JoiningTests {
  private static func bundle(_ fixture: String, _ scratch: String) throws -> ModelBundle {
    try ImportJob(
      .init(folder: ImportTests.fixtures.path + "/" + fixture, out: scratch + "/\(fixture).braid")
    ).run()
  }

  /// Dark and bright pictures, described in words.
  private static func manifest(_ scratch: String) throws -> String {
    var rows = ["id,split,label,image"]
    for index in 0..<16 {
      let level = index % 2 == 0 ? 40 + index : 200 + index
      try GreyPNG.write(side: 16, level: UInt8(level), to: scratch + "/\(index).png")
      rows.append(
        "\(index),\(index < 12 ? "train" : "val"),\(index % 2 == 0 ? "dark" : "bright"),\(index).png")
    }
    try Scratch.write(rows.joined(separator: "\n") + "\n", scratch + "/manifest.csv")
    try Scratch.write(
      "label,text\ndark,no opacity is in the lung\nbright,large opacity in the lung\n",
      scratch + "/labels.csv")
    return scratch + "/manifest.csv"
  }

  private static func options(_ scratch: String, from names: [String]) throws -> AlignJob.Options {
    var options = AlignJob.Options(manifest: try manifest(scratch), out: scratch + "/out.braid", threads: 1)
    (options.epochs, options.from) = (3, names.map { scratch + "/\($0).braid" })
    return options
  }

  private static func values(_ bundle: ModelBundle) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: bundle.model.parameters("").map { ($0.name, $0.tensor) })
  }

  @Test func eachBringsWhatTheOthersLack() throws {
    try Scratch.with { scratch in
      let (text, vision) = (try Self.bundle("bert", scratch), try Self.bundle("vit", scratch))
      let trained = try AlignJob(Self.options(scratch, from: ["bert", "vit"])) { _, _, _ in }.run().bundle
      let found = Self.values(trained)
      #expect(trained.tokens("the lungs are clear") == text.tokens("the lungs are clear"))
      #expect(trained.description.embedding == text.description.embedding)
      // Texts are frozen, images learn gently; both are stored as every training stores its matrices.
      var names = 0
      for (name, tensor) in Self.values(text) where name.hasPrefix("text.") {
        names += 1
        let stored = tensor.shape.count > 1 ? tensor.converted(to: .bf16).floats() : tensor.floats()
        #expect(found[name]?.floats() == stored, "\(name)")
      }
      #expect(names > 30)
      var moved = 0
      for (name, tensor) in Self.values(vision) where name.hasPrefix("vision.") {
        let new = try #require(found[name]?.floats())
        #expect(ImportTests.farthest(tensor.floats(), new) < 0.05, "\(name)")
        if name.hasSuffix(".bias"), new != tensor.floats() { moved += 1 }
      }
      #expect(moved > 10)
      #expect(found.keys.contains { $0.hasPrefix("heads.findings") })
      // Adapters of either original find their modules.
      let modules = trained.description.modules ?? [:]
      #expect(
        modules.keys.contains { $0.hasPrefix("text.") } && modules.keys.contains { $0.hasPrefix("vision.") })
    }
  }

  @Test func theSamePartTwiceIsRefused() throws {
    try Scratch.with { scratch in
      _ = (try Self.bundle("bert", scratch), try Self.bundle("clip", scratch))
      let error = #expect(throws: BundleError.self) {
        try AlignJob(Self.options(scratch, from: ["clip", "bert"])) { _, _, _ in }.run()
      }
      #expect(
        error?.path == "--from" && error?.reason.contains("clip and bert both have a text encoder") == true)
      #expect(!FileManager.default.fileExists(atPath: scratch + "/out.braid"))
    }
  }

  @Test func lowRankPairsBelongToOneBundle() throws {
    try Scratch.with { scratch in
      _ = (try Self.bundle("bert", scratch), try Self.bundle("vit", scratch))
      var options = try Self.options(scratch, from: ["bert", "vit"])
      options.lora = LowRankAdaptation()
      let error = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
      #expect(error?.path == "--lora" && error?.reason.contains("belong to one bundle") == true)
    }
  }

  /// What is new learns at the full rate, what is taken over at its part of it, whatever the recipe says of it.
  @Test func ratesByPart() throws {
    try Scratch.with { scratch in
      let vision = try Self.bundle("vit", scratch)
      var options = try Self.options(scratch, from: ["bert", "vit"])
      _ = try Self.bundle("bert", scratch)
      func change(_ recipe: String) throws -> (vision: Float, text: Float) {
        try Scratch.write(recipe, scratch + "/recipe.yaml")
        (options.recipe, options.force) = (scratch + "/recipe.yaml", true)
        let found = Self.values(try AlignJob(options) { _, _, _ in }.run().bundle)
        let text = Self.values(try ModelBundle(path: scratch + "/bert.braid"))
        func farthest(_ old: [String: Tensor], _ part: String) -> Float {
          old.filter { $0.key.hasPrefix(part) && $0.key.hasSuffix(".bias") }.map {
            ImportTests.farthest($0.value.floats(), found[$0.key]?.floats() ?? [])
          }.max() ?? -1
        }
        return (farthest(Self.values(vision), "vision."), farthest(text, "text."))
      }
      let still = try change("pretrained: {vision: 0, text: 0}\n")
      #expect(still.vision == 0 && still.text == 0)
      let slow = try change("pretrained: {vision: 0.01, text: 0.01}\n")
      let quick = try change("pretrained: {vision: 1, text: 1}\n")
      #expect(slow.vision > 0 && quick.vision > 10 * slow.vision)
      #expect(slow.text > 0 && quick.text > 10 * slow.text)
      let error = #expect(throws: BundleError.self) { try change("pretrained: {text: -1}\n") }
      #expect(error?.reason.contains("pretrained.text") == true)
    }
  }
}
