import Bundles
import Foundation
import Testing

/// What does not fit is refused with every name, and nothing is written.
@Suite struct ImportRefusalTests {
  private func refusal(_ fixture: String, _ change: (String) throws -> Void) throws -> BundleError {
    var caught: BundleError?
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy(fixture, to: folder)
      try change(folder)
      caught = #expect(throws: BundleError.self) {
        try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == ["model"])
    }
    return try #require(caught)
  }

  @Test func everyWeightThatDoesNotFitIsNamed() throws {
    let error = try refusal("bert") { folder in
      try Scratch.rewrite(folder) { entries in
        entries.removeAll { $0.name == "encoder.layer.1.output.dense.bias" }
        entries.append(
          .init(
            name: "encoder.layer.2.output.dense.bias", shape: [32], values: .init(repeating: 0, count: 32)))
        for index in entries.indices where entries[index].name == "embeddings.LayerNorm.bias" {
          (entries[index].shape, entries[index].values) = ([31], .init(repeating: 0, count: 31))
        }
      }
    }
    #expect(error.reason.contains("encoder.layer.1.output.dense.bias is not in the checkpoint"))
    #expect(error.reason.contains("encoder.layer.2.output.dense.bias of the checkpoint has no place"))
    #expect(error.reason.contains("embeddings.LayerNorm.bias has shape [31] in the checkpoint and [32]"))
  }

  @Test func otherArchitecturesAreNamed() throws {
    let error = try refusal("bert") { try Scratch.edit($0 + "/config.json", #""bert""#, #""mpnet""#) }
    #expect(error.reason.contains("“mpnet”"))
    #expect(error.remedy.contains("distilbert"))
  }

  @Test(arguments: [
    (#""hidden_size": 32"#, #""hidden_size": 0"#, "hidden_size is 0"),
    (#""hidden_size": 32"#, #""hidden_size": 8192"#, "config.json describes about"),
    (#""num_attention_heads": 4"#, #""num_attention_heads": 5"#, "does not divide"),
    (#""vocab_size": 60"#, #""vocab_size": 59"#, "do not belong together"),
    (#""hidden_act": "gelu""#, #""hidden_act": "gelu_new""#, "gelu_new"),
    (#""hidden_size": 32"#, #""hidden_size": "wide""#, "damaged"),
  ]) func configurations(old: String, new: String, reason: String) throws {
    let error = try refusal("bert") { try Scratch.edit($0 + "/config.json", old, new) }
    #expect(error.reason.contains(reason), "\(error)")
  }

  @Test func missingFilesAreNamed() throws {
    let weights = try refusal("vit") {
      try FileManager.default.moveItem(atPath: $0 + "/model.safetensors", toPath: $0 + "/pytorch_model.bin")
    }
    #expect(weights.reason.contains("pytorch_model.bin"))
    let vocabulary = try refusal("bert") {
      try FileManager.default.removeItem(atPath: $0 + "/tokenizer.json")
    }
    #expect(vocabulary.reason.contains("tokenizer.json"))
  }

  @Test func anExistingBundleIsKept() throws {
    try Scratch.with { scratch in
      let job = ImportJob(.init(folder: ImportTests.fixtures.path + "/vit", out: scratch + "/out"))
      _ = try job.run()
      #expect(throws: BundleError.self) { try job.run() }
    }
  }
}
