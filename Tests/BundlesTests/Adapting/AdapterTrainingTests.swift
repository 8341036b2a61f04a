import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Tensors
import Testing
import Training

/// `braid align --from --lora`, and its adapters brought back.
@Suite struct AdapterTrainingTests {
  private static func align(
    _ manifest: String, from base: String, _ lora: String, out: String, epochs: Int = 2
  ) throws -> ModelBundle {
    var options = AlignJob.Options(manifest: manifest, out: out, threads: 2)
    (options.from, options.lora) = ([base], try LowRankAdaptation(lora))
    (options.epochs, options.seed) = (epochs, 3)
    return try AlignJob(options) { _, _, _ in }.run().bundle
  }

  private static func rounded(_ tensor: Tensor) -> [Float] {
    tensor.shape.count > 1 ? tensor.converted(to: .bf16).floats() : tensor.floats()
  }

  private static func isEncoder(_ name: String) -> Bool {
    ["vision.", "series.", "text."].contains { name.hasPrefix($0) }
  }

  /// Names of the parameters in which two models differ.
  private static func changed(_ a: ModelBundle, _ b: ModelBundle) -> [String] {
    var names: [String] = []
    for (old, new) in zip(a.model.parameters(""), b.model.parameters(""))
    where old.tensor.floats() != new.tensor.floats() { names.append(old.name) }
    return names
  }

  @Test func ownBundle() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let bundle = try Self.align(
        toy.manifest, from: toy.bundlePath, "r=4,alpha=64,targets=fc1,fc2", out: scratch + "/low.braid")
      let record = try #require(bundle.description.adapters?.first)
      let trained = try #require(record.trained)
      #expect(record.base == "toy" && trained > record.parameters && trained < bundle.model.parameterCount)
      let changed = Self.changed(toy.outcome.bundle, bundle)
      let beside = ["expand.weight", "contract.weight"]
      // Of the encoders only what the pairs stand beside, and what belongs to the channels, has moved.
      for name in changed where Self.isEncoder(name) {
        let ofSet = ["series.wide.", "series.identities.", "series.join."].contains { name.hasPrefix($0) }
        #expect(ofSet || beside.contains { name.hasSuffix($0) }, "\(name)")
      }
      #expect(changed.contains { $0.hasSuffix("expand.weight") })
      #expect(changed.contains { $0.hasPrefix("heads") })
      try Self.bringBack(record, toy, bundle, scratch)
    }
  }

  /// The adapter makes the same bundle of the base, and fits nothing else.
  private static func bringBack(
    _ record: AdapterRecord, _ toy: TrainedToy, _ bundle: ModelBundle, _ scratch: String
  ) throws {
    let adapter = bundle.path + "/adapter"
    let merged = try AdapterTests.merge(adapter, toy.bundlePath, scratch + "/merged.braid")
    #expect(changed(bundle, merged).isEmpty)
    #expect(!merged.description.training.evaluations.isEmpty)
    #expect(merged.description.adapters?.first?.sha256 == record.sha256)
    let twice = #expect(throws: BundleError.self) {
      try AdapterTests.merge(adapter, bundle.path, scratch + "/again.braid")
    }
    #expect(twice?.reason.contains("merged into") == true)
    let foreign = try AdapterTests.base(scratch)
    let error = #expect(throws: BundleError.self) {
      try AdapterTests.merge(adapter, foreign.path, scratch + "/foreign.braid")
    }
    let words = "SHA-256 \(record.baseSHA256)"
    #expect(error?.reason.contains(words) == true)
  }

  @Test func importedBundleKeepsTheOriginalsNames() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let base = try AdapterTests.base(scratch)
      let bundle = try Self.align(
        toy.manifest, from: base.path, "r=2,alpha=40,dropout=0.25,targets=q_proj,fc2",
        out: scratch + "/low.braid",
        epochs: 3)
      let file = try SafetensorsFile(path: bundle.path + "/adapter/adapter_model.safetensors")
      let modules = (0..<2).flatMap { layer in
        ["attention.self.query", "output.dense"].map { "encoder.layer.\(layer).\($0)" }
      }
      #expect(
        Set(file.names)
          == Set(modules.flatMap { m in ["A", "B"].map { "base_model.model.\(m).lora_\($0).weight" } }))
      #expect(file.shape("base_model.model.encoder.layer.1.output.dense.lora_A.weight") == [2, 36])
      #expect(file.shape("base_model.model.encoder.layer.1.output.dense.lora_B.weight") == [32, 2])
      let text = try Data(contentsOf: URL(filePath: bundle.path + "/adapter/adapter_config.json"))
      let keys = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
      #expect(
        keys["peft_type"] as? String == "LORA" && keys["r"] as? Int == 2 && keys["lora_alpha"] as? Int == 40)
      #expect(keys["lora_dropout"] as? Double == 0.25 && keys["bias"] as? String == "none")
      #expect((keys["target_modules"] as? [String]).map(Set.init) == Set(modules))
      #expect(keys["base_model_name_or_path"] as? String == "bert")
      #expect(keys["task_type"] as? String == "FEATURE_EXTRACTION")
      // Frozen, then rounded as everything that is trained; the base keeps its f32.
      let merged = try AdapterTests.merge(bundle.path + "/adapter", base.path, scratch + "/merged.braid")
      let known = Dictionary(uniqueKeysWithValues: bundle.model.parameters("").map { ($0.name, $0.tensor) })
      for (name, tensor) in merged.model.parameters("text") where name.hasPrefix("text.") {
        guard let other = known[name] else { continue }
        #expect(Self.rounded(tensor) == other.floats(), "\(name)")
      }
      let pairs = zip(base.model.linearMaps, merged.model.linearMaps)
      #expect(pairs.contains { $0.map.weight.floats() != $1.map.weight.floats() })
    }
  }

  /// timm keeps queries, keys and values in one map; a pair on one of them acts on its rows alone.
  @Test func sharedModule() throws {
    try Scratch.with { scratch in
      try TimmFolder.write(to: scratch + "/vit_tiny")
      let base = try ImportJob(.init(folder: scratch + "/vit_tiny", out: scratch + "/vit.braid")).run()
      var lines = ["id,split,label,image"]
      for index in 0..<12 {
        try GreyPNG.write(side: 32, level: index % 2 == 0 ? 40 : 200, to: scratch + "/\(index).png")
        lines.append(
          "\(index),\(index < 8 ? "train" : "test"),\(index % 2 == 0 ? "dark" : "light"),\(index).png")
      }
      try Scratch.write(lines.joined(separator: "\n") + "\n", scratch + "/manifest.csv")
      let bundle = try Self.align(
        scratch + "/manifest.csv", from: base.path, "r=2,alpha=8,targets=q_proj,v_proj,fc1",
        out: scratch + "/low.braid", epochs: 1)
      let file = try SafetensorsFile(path: bundle.path + "/adapter/adapter_model.safetensors")
      let module = "base_model.model.blocks.3.attn.qkv"
      #expect(file.shape(module + ".lora_A.weight") == [4, 192])
      #expect(file.shape(module + ".lora_B.weight") == [576, 4])
      let b = try file.floats(module + ".lora_B.weight")
      // Queries by the first pair, keys by none, values by the second.
      for row in [0, 191, 192, 383, 384, 575] {
        let values = Array(b[row * 4..<row * 4 + 4])
        #expect(values[0...1].allSatisfy { ($0 != 0) == (row < 192) })
        #expect(values[2...3].allSatisfy { ($0 != 0) == (row >= 384) })
      }
      let text = try Data(contentsOf: URL(filePath: bundle.path + "/adapter/adapter_config.json"))
      let keys = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
      #expect((keys["rank_pattern"] as? [String: Int])?["blocks.3.attn.qkv"] == 4)
      #expect((keys["alpha_pattern"] as? [String: Double])?["blocks.3.attn.qkv"] == 16)
      #expect(file.shape("base_model.model.blocks.3.mlp.fc1.lora_A.weight") == [2, 192])
      let merged = try AdapterTests.merge(bundle.path + "/adapter", base.path, scratch + "/merged.braid")
      for (a, b) in zip(merged.model.linearMaps, bundle.model.linearMaps) where a.name.hasPrefix("vision.") {
        #expect(
          a.name == b.name && Self.close(Self.rounded(a.map.weight), b.map.weight.floats()), "\(a.name)")
      }
    }
  }

  /// Equal but for a last bit: sums of two pairs round otherwise than of one.
  private static func close(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 0.008 * max(abs($0), 1e-3) }
  }

  @Test func withoutABaseOrMapsItIsRefused() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      var options = AlignJob.Options(manifest: toy.manifest, out: scratch + "/out.braid", threads: 1)
      options.lora = LowRankAdaptation()
      let alone = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
      #expect(alone?.path == "--lora" && alone?.remedy.contains("--from") == true)
      options.lora = nil
      try Scratch.write("lora: {r: 4}\n", scratch + "/recipe.yaml")
      options.recipe = scratch + "/recipe.yaml"
      let recipe = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
      #expect(recipe?.path.hasSuffix("recipe.yaml") == true && recipe?.remedy.contains("--from") == true)
      for (text, words) in [
        ("lora: {r: 0}", "lora.r is 1 to 4096"), ("lora: {targets: [qkv]}", "known are q_proj"),
        ("lora: {rank: 4}", "lora.rank"),
      ] {
        try Scratch.write(text + "\n", scratch + "/recipe.yaml")
        options.from = [toy.bundlePath]
        let error = #expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
      }
    }
  }

  /// A slower rate moves pairs less.
  @Test func theRateOfPairs() throws {
    let toy = try TrainedToy.shared.get()
    try Scratch.with { scratch in
      let sizes = try ["0.01", "1"].enumerated().map { index, rate in
        let bundle = try Self.align(
          toy.manifest, from: toy.bundlePath, "r=2,rate=\(rate),targets=fc1", out: scratch + "/\(index).braid"
        )
        let file = try SafetensorsFile(path: bundle.path + "/adapter/adapter_model.safetensors")
        return try file.names.filter { $0.contains("lora_B") }.flatMap { try file.floats($0) }.map(abs).max()
          ?? 0
      }
      #expect(sizes[0] > 0 && sizes[1] > 10 * sizes[0])
    }
  }
}

/// A small vision transformer as timm saves it, with random weights.
enum TimmFolder {
  static func write(to path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Scratch.write(
      #"{"architecture": "vit_tiny_patch16_32", "num_features": 192, "global_pool": "token"}"#,
      path + "/config.json")
    var rng = SeededGenerator(seed: 1)
    var entries: [SafetensorsWriter.Entry] = []
    func add(_ name: String, _ shape: [Int], around middle: Float = 0) {
      let values = (0..<shape.reduce(1, *)).map { _ in middle + 0.05 * rng.normal() }
      entries.append(.init(name: name, shape: shape, values: values))
    }
    func both(_ name: String, _ outputs: Int, _ inputs: Int) {
      add(name + ".weight", [outputs, inputs])
      add(name + ".bias", [outputs])
    }
    func norm(_ name: String) {
      add(name + ".weight", [192], around: 1)
      add(name + ".bias", [192])
    }
    add("cls_token", [1, 1, 192])
    add("pos_embed", [1, 5, 192])
    add("patch_embed.proj.weight", [192, 3, 16, 16])
    add("patch_embed.proj.bias", [192])
    for layer in 0..<12 {
      norm("blocks.\(layer).norm1")
      norm("blocks.\(layer).norm2")
      both("blocks.\(layer).attn.qkv", 576, 192)
      both("blocks.\(layer).attn.proj", 192, 192)
      both("blocks.\(layer).mlp.fc1", 768, 192)
      both("blocks.\(layer).mlp.fc2", 192, 768)
    }
    norm("norm")
    try SafetensorsWriter.encode(entries: entries).write(to: URL(filePath: path + "/model.safetensors"))
  }
}
