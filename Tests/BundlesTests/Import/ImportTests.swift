import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Testing

/// Imported encoders against the embeddings that transformers computes with the same weights
/// (Scripts/reference/make-import-fixtures).
@Suite struct ImportTests {
  struct Texts: Decodable {
    var texts: [String]
    var ids: [[Int]]
    var mean: [[Float]]
    var first: [[Float]]
  }

  struct Images: Decodable {
    var first: [Float]
    var mean: [Float]
  }

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/Import")

  static func expected<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: fixtures.appending(path: name)))
  }

  static func farthest(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  /// The formula of the script.
  static let picture = Picture(
    side: 16, channels: 3,
    pixels: (0..<16 * 16 * 3).map { index in
      let (y, x, c) = (index / 48, index / 3 % 16, index % 3)
      return UInt8((y * 37 + x * 11 + c * 71 + x * y * 3) % 256)
    })

  @Test(arguments: TokenPooling.allCases) func bert(pooling: TokenPooling) throws {
    let known = try Self.expected(Texts.self, "bert.json")
    try Scratch.with { scratch in
      var options = ImportJob.Options(folder: Self.fixtures.path + "/bert", out: scratch + "/bert.braid")
      options.pooling = pooling
      let bundle = try ImportJob(options).run()
      #expect(bundle.description.tasks.isEmpty)
      #expect(known.texts.map { bundle.tokens($0) } == known.ids)
      let found = bundle.predictor.embed(texts: known.texts.map { bundle.tokens($0) })
      let wanted = pooling == .mean ? known.mean : known.first
      #expect(found.count == wanted.count)
      for (a, b) in zip(found, wanted) { #expect(Self.farthest(a, b) < 1e-4) }
    }
  }

  @Test(arguments: TokenPooling.allCases) func vit(pooling: TokenPooling) throws {
    let known = try Self.expected(Images.self, "vit.json")
    try Scratch.with { scratch in
      var options = ImportJob.Options(folder: Self.fixtures.path + "/vit", out: scratch + "/vit.braid")
      options.pooling = pooling
      let bundle = try ImportJob(options).run()
      let predictions = bundle.predictor.predict([.image(Self.picture)], task: 0)
      let found = try #require(predictions.first?.embedding)
      #expect(Self.farthest(found, pooling == .first ? known.first : known.mean) < 1e-4)
      // A clip of one picture over and over is that picture.
      let clip = bundle.predictor.predict([.clip([Self.picture, Self.picture])], task: 0)
      #expect(Self.farthest(try #require(clip.first?.embedding), found) < 1e-5)
    }
  }

  @Test func sentenceFolderWithModules() throws {
    let known = try Self.expected(Texts.self, "bert.json")
    try Scratch.with { scratch in
      try Scratch.copy("bert", to: scratch + "/model/0_Transformer")
      try FileManager.default.createDirectory(
        atPath: scratch + "/model/1_Pooling", withIntermediateDirectories: true)
      try Scratch.write(
        """
        [{"idx":0,"name":"0","path":"0_Transformer","type":"sentence_transformers.models.Transformer"},
        {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]
        """, scratch + "/model/modules.json")
      let pooling = scratch + "/model/1_Pooling/config.json"
      try Scratch.write(#"{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}"#, pooling)
      let out = scratch + "/out"
      let bundle = try ImportJob(.init(folder: scratch + "/model", out: out)).run()
      let found = bundle.predictor.embed(texts: [bundle.tokens(known.texts[0])])
      #expect(Self.farthest(found[0], known.first[0]) < 1e-4)
      // No Normalize module: said in the card, for Braid's embeddings have length 1 all the same.
      let card = try String(contentsOfFile: out + "/CARD.md", encoding: .utf8)
      #expect(card.contains("BertModel") && card.contains("`model`") && card.contains("own length"))
      #expect(card.contains("Licence and training data are those of the original"))

      try Scratch.write(#"{"pooling_mode_max_tokens":true}"#, pooling)
      let error = #expect(throws: BundleError.self) {
        try ImportJob(.init(folder: scratch + "/model", out: scratch + "/other")).run()
      }
      #expect(error?.reason.contains("max") == true)
    }
  }

  /// A prefix, a head, and the names that the first checkpoints gave to a normalisation's parameters.
  @Test func anOlderNamingIsUnderstood() throws {
    let known = try Self.expected(Texts.self, "bert.json")
    try Scratch.with { scratch in
      let folder = scratch + "/model"
      try Scratch.copy("bert", to: folder)
      try Scratch.rewrite(folder) { entries in
        for index in entries.indices {
          entries[index].name =
            "bert."
            + entries[index].name
            .replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
            .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
        }
        entries.append(.init(name: "cls.predictions.bias", shape: [2], values: [1, 2]))
      }
      let bundle = try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      let found = bundle.predictor.embed(texts: [bundle.tokens(known.texts[1])])
      #expect(Self.farthest(found[0], known.mean[1]) < 1e-4)
      #expect(bundle.description.origin?.leftOut.contains("cls.predictions.bias") == true)
    }
  }
}
