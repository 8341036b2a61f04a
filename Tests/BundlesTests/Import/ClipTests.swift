import Bundles
import Encoders
import Foundation
import Testing

/// Both towers of CLIP against the ids and embeddings of transformers (Scripts/reference/make-import-fixtures).
@Suite struct ClipTests {
  struct Expected: Decodable {
    var texts: [String]
    var ids: [[Int]]
    var embeddings: [[Float]]
    var image: [Float]
  }

  private func check(_ bundle: ModelBundle) throws {
    let known = try ImportTests.expected(Expected.self, "clip.json")
    #expect(known.texts.count > 5)
    for (text, ids) in zip(known.texts, known.ids) { #expect(bundle.tokens(text) == ids, "\(text)") }
    let found = bundle.predictor.embed(texts: known.ids)
    for (a, b) in zip(found, known.embeddings) { #expect(ImportTests.farthest(a, b) < 1e-4) }
    // A text by itself is where it is among others that are longer.
    let alone = bundle.predictor.embed(texts: [known.ids[0]])
    #expect(ImportTests.farthest(alone[0], known.embeddings[0]) < 1e-4)
    let image = bundle.predictor.predict([.image(ImportTests.picture)], task: 0).first?.embedding
    #expect(ImportTests.farthest(try #require(image), known.image) < 1e-4)
    let clip = bundle.predictor.predict([.clip([ImportTests.picture, ImportTests.picture])], task: 0)
    #expect(ImportTests.farthest(try #require(clip.first?.embedding), known.image) < 1e-4)
  }

  @Test func bothTowersShareOneSpace() throws {
    try Scratch.with { scratch in
      let out = scratch + "/clip.braid"
      let bundle = try ImportJob(.init(folder: ImportTests.fixtures.path + "/clip", out: out)).run()
      try check(bundle)
      // As it stands in its folder: tokenizer, shapes and weights come back.
      try check(ModelBundle(path: out))
      #expect(bundle.model.logScale.floats() == [2.5])
      // Names of special tokens inside a text are ordinary text; case and the spaces between words are lost.
      let tokenizer = try #require(bundle.tokenizer), specials = tokenizer.specials
      let ids = tokenizer.encode("<|endoftext|> A  Photo")
      #expect(!ids.contains(specials.end) && !ids.contains(specials.begin))
      #expect(tokenizer.decode([specials.begin] + ids + [specials.end]) == "<| endoftext |> a photo")
      #expect(tokenizer.id(of: "photo</w>").map { ids.last == $0 } == true)
      #expect(bundle.description.embedding == 24 && bundle.tokens("a photo").count == 4)
      #expect(
        bundle.description.modules?["text.blocks.1.attention.query"]?.name
          == "text_model.encoder.layers.1.self_attn.q_proj")
      let card = try String(contentsOfFile: out + "/CARD.md", encoding: .utf8)
      #expect(card.contains("CLIPModel") && card.contains("Embeds texts") && card.contains("Embeds images"))
      #expect(card.contains("bicubic") && card.contains("middle of an image"))
    }
  }

  @Test func aVocabularyInTwoFilesIsUnderstood() throws {
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy("clip", to: folder)
      try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
      try check(ImportJob(.init(folder: folder, out: scratch + "/out")).run())
    }
  }

  private func refusal(_ change: (String) throws -> Void, pooling: TokenPooling? = nil) throws -> BundleError
  {
    var caught: BundleError?
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy("clip", to: folder)
      try change(folder)
      var options = ImportJob.Options(folder: folder, out: scratch + "/out")
      options.pooling = pooling
      caught = #expect(throws: BundleError.self) { try ImportJob(options).run() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == ["model"])
    }
    return try #require(caught)
  }

  @Test func everyWeightThatDoesNotFitIsNamed() throws {
    let error = try refusal { folder in
      try Scratch.rewrite(folder) { entries in
        entries.removeAll { ["visual_projection.weight", "logit_scale"].contains($0.name) }
        entries.append(.init(name: "text_model.encoder.layers.2.mlp.fc1.bias", shape: [2], values: [1, 2]))
        for index in entries.indices where entries[index].name == "vision_model.pre_layrnorm.bias" {
          (entries[index].shape, entries[index].values) = ([23], .init(repeating: 0, count: 23))
        }
      }
    }
    #expect(error.reason.contains("visual_projection.weight is not in the checkpoint"))
    #expect(error.reason.contains("logit_scale is not in the checkpoint"))
    #expect(error.reason.contains("text_model.encoder.layers.2.mlp.fc1.bias of the checkpoint has no place"))
    #expect(error.reason.contains("vision_model.pre_layrnorm.bias has shape [23] in the checkpoint and [24]"))
  }

  @Test func whatIsNotThatModelIsRefused() throws {
    let none = try refusal { folder in
      for name in ["tokenizer.json", "merges.txt"] {
        try FileManager.default.removeItem(atPath: folder + "/" + name)
      }
    }
    #expect(none.reason.contains("merges.txt"))
    #expect(try refusal({ _ in }, pooling: .mean).path == "--pooling")
    let end = try refusal { folder in
      let path = folder + "/config.json"
      var text = try String(contentsOfFile: path, encoding: .utf8)
      let place = try #require(text.range(of: #""eos_token_id": [0-9]+"#, options: .regularExpression))
      text.replaceSubrange(place, with: #""eos_token_id": 7"#)
      try Scratch.write(text, path)
    }
    #expect(end.reason.contains("eos_token_id"))
  }
}
