import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Tensors
import Testing

/// Adapters from outside, against what PEFT and transformers compute (Scripts/reference/make-adapter-fixtures).
@Suite struct AdapterTests {
  struct Expected: Decodable {
    var texts: [String]
    var mean: [[Float]]
  }

  static let folder = ImportTests.fixtures.path + "/adapter"

  /// The tiny BERT, imported.
  static func base(_ scratch: String) throws -> ModelBundle {
    var options = ImportJob.Options(folder: ImportTests.fixtures.path + "/bert", out: scratch + "/bert.braid")
    options.pooling = .mean
    return try ImportJob(options).run()
  }

  static func merge(_ folder: String, _ base: String, _ out: String) throws -> ModelBundle {
    try AdapterJob(.init(folder: folder, base: base, out: out)).run().bundle
  }

  static func embeddings(_ bundle: ModelBundle, _ texts: [String]) -> [[Float]] {
    bundle.predictor.embed(texts: texts.map { bundle.tokens($0) })
  }

  @Test func embedsAsPEFTDoes() throws {
    let known = try ImportTests.expected(Expected.self, "adapter.json")
    try Scratch.with { scratch in
      let base = try Self.base(scratch)
      let bundle = try Self.merge(Self.folder, base.path, scratch + "/adapted.braid")
      let found = Self.embeddings(bundle, known.texts), before = Self.embeddings(base, known.texts)
      for index in known.texts.indices {
        #expect(ImportTests.farthest(found[index], known.mean[index]) < 1e-4)
        #expect(ImportTests.farthest(before[index], known.mean[index]) > 0.01)
      }
      let record = try #require(bundle.description.adapters?.first)
      #expect(bundle.description.adapters?.count == 1 && record.maps == 6 && record.r == 4)
      #expect(record.baseSHA256.count == 64 && record.sha256.count == 64)
      let card = try String(contentsOfFile: scratch + "/adapted.braid/CARD.md", encoding: .utf8)
      #expect(
        card.contains("## Adapters") && card.contains(record.sha256) && card.contains(record.baseSHA256))
    }
  }

  @Test func aHeadOutsideTheEncoderIsLeftOutAndItsNameIsNoHindrance() throws {
    let known = try ImportTests.expected(Expected.self, "adapter.json")
    try Scratch.with { scratch in
      let base = try Self.base(scratch)
      try Self.change(scratch + "/adapter") { entries in
        // As PEFT saves an adapter of BertForSequenceClassification.
        for index in entries.indices {
          entries[index].name = entries[index].name.replacingOccurrences(
            of: "model.encoder", with: "model.bert.encoder")
        }
        entries.append(
          .init(
            name: "base_model.model.classifier.weight", shape: [2, 32], values: .init(repeating: 0, count: 64)
          ))
      }
      let (bundle, leftOut) = try AdapterJob(
        .init(folder: scratch + "/adapter", base: base.path, out: scratch + "/adapted.braid")
      ).run()
      #expect(leftOut == ["base_model.model.classifier.weight"])
      let found = Self.embeddings(bundle, known.texts)
      #expect(ImportTests.farthest(found[0], known.mean[0]) < 1e-4)
    }
  }

  @Test func severalAreMergedOneAfterTheOtherButNoneTwice() throws {
    try Scratch.with { scratch in
      let base = try Self.base(scratch)
      try Self.change(scratch + "/second") { entries in
        for index in entries.indices { entries[index].values = entries[index].values.map { $0 / 2 } }
      }
      let first = try Self.merge(Self.folder, base.path, scratch + "/one.braid")
      let both = try Self.merge(scratch + "/second", first.path, scratch + "/two.braid")
      #expect(both.description.adapters?.map(\.name) == ["adapter", "second"])
      // Halves of both factors make a quarter of the change.
      for ((_, start), (name, end)) in zip(base.model.linearMaps, both.model.linearMaps) {
        let one = try #require(first.model.linearMaps.first { $0.name == name }).map.weight.floats()
        let (a, b) = (start.weight.floats(), end.weight.floats())
        #expect(one.indices.allSatisfy { abs(b[$0] - a[$0] - 1.25 * (one[$0] - a[$0])) < 1e-5 }, "\(name)")
      }
      let error = #expect(throws: BundleError.self) {
        try Self.merge(Self.folder, both.path, scratch + "/three.braid")
      }
      #expect(error?.reason.contains("merged into") == true)
      let card = try String(contentsOfFile: both.path + "/CARD.md", encoding: .utf8)
      #expect(card.components(separatedBy: "## Adapters").count == 2)
    }
  }

  struct Damage: Sendable, CustomStringConvertible {
    var description: String
    var words: [String]
    var configuration: (@Sendable (inout [String: Any]) -> Void)?
    var weights: (@Sendable (inout [SafetensorsWriter.Entry]) -> Void)?
  }

  static let query = "base_model.model.encoder.layer.0.attention.self.query"

  static let damages: [Damage] = [
    Damage(
      description: "another kind", words: ["IA3", "peft_type"], configuration: { $0["peft_type"] = "IA3" }),
    Damage(description: "DoRA", words: ["use_dora"], configuration: { $0["use_dora"] = true }),
    Damage(description: "biases", words: ["bias is all"], configuration: { $0["bias"] = "all" }),
    Damage(description: "no alpha", words: ["lora_alpha"], configuration: { $0["lora_alpha"] = nil }),
    Damage(
      description: "an expression", words: ["alpha_pattern", "(a|b)+"],
      configuration: { $0["alpha_pattern"] = ["(a|b)+": 3] }),
    Damage(
      description: "half a pair", words: ["encoder.layer.0.attention.self.query has no lora_B"],
      weights: { $0.removeAll { $0.name == query + ".lora_B.weight" } }),
    Damage(
      description: "halves that make no pair",
      words: ["encoder.layer.0.attention.self.query", "[4, 32] and [32, 3]"],
      weights: { entries in
        for index in entries.indices where entries[index].name == query + ".lora_B.weight" {
          entries[index] = .init(
            name: entries[index].name, shape: [32, 3], values: .init(repeating: 0, count: 96))
        }
      }),
    Damage(
      description: "misshapen", words: ["encoder.layer.0.attention.self.query", "[4, 31]", "[32, 32]"],
      weights: { entries in
        for index in entries.indices where entries[index].name == query + ".lora_A.weight" {
          entries[index] = .init(
            name: entries[index].name, shape: [4, 31], values: .init(repeating: 0, count: 124))
        }
      }),
    Damage(
      description: "two without a place",
      words: ["encoder.layer.7.attention.self.query has no place", "decoder.x has no place"],
      weights: { entries in
        for (from, to) in [
          (query, query.replacingOccurrences(of: ".0.", with: ".7.")), (query, "base_model.model.decoder.x"),
        ] {
          for half in ["lora_A", "lora_B"] {
            guard var entry = entries.first(where: { $0.name == "\(from).\(half).weight" }) else { continue }
            entry.name = "\(to).\(half).weight"
            entries.append(entry)
          }
        }
      }),
    Damage(
      description: "an embedding", words: ["lora_embedding_A is no half"],
      weights: {
        $0.append(
          .init(
            name: "base_model.model.embeddings.word_embeddings.lora_embedding_A", shape: [4, 60],
            values: .init(repeating: 0, count: 240)))
      }),
    Damage(
      description: "no number", words: ["encoder.layer.0.attention.self.query", "not finite"],
      weights: { entries in
        for index in entries.indices where entries[index].name == query + ".lora_A.weight" {
          entries[index].values[5] = .nan
        }
      }),
  ]

  @Test(arguments: damages) func whatDoesNotFitIsNamed(_ damage: Damage) throws {
    try Scratch.with { scratch in
      let base = try Self.base(scratch)
      try Self.change(scratch + "/adapter", configuration: damage.configuration) { damage.weights?(&$0) }
      let error = #expect(throws: BundleError.self) {
        try Self.merge(scratch + "/adapter", base.path, scratch + "/out.braid")
      }
      for words in damage.words { #expect(error?.description.contains(words) == true, "\(error as Any)") }
      #expect(!FileManager.default.fileExists(atPath: scratch + "/out.braid"))
    }
  }

  @Test func anAdapterIsNoModelAndAModelNoAdapter() throws {
    try Scratch.with { scratch in
      let adapter = #expect(throws: BundleError.self) {
        try ImportJob(.init(folder: Self.folder, out: scratch + "/out.braid")).run()
      }
      #expect(adapter?.remedy.contains("--base") == true)
      let base = try Self.base(scratch)
      let model = #expect(throws: BundleError.self) {
        try Self.merge(ImportTests.fixtures.path + "/bert", base.path, scratch + "/out.braid")
      }
      #expect(model?.reason.contains("adapter_config.json is missing") == true)
    }
  }

  /// A changed copy of the fixture.
  static func change(
    _ path: String, configuration: ((inout [String: Any]) -> Void)? = nil,
    _ weights: (inout [SafetensorsWriter.Entry]) -> Void
  ) throws {
    try Scratch.copy("adapter", to: path)
    let place = path + "/adapter_config.json",
      file = try SafetensorsFile(path: path + "/adapter_model.safetensors")
    var entries = try file.names.map {
      SafetensorsWriter.Entry(name: $0, shape: file.shape($0) ?? [], values: try file.floats($0))
    }
    weights(&entries)
    try SafetensorsWriter.encode(entries: entries).write(to: URL(filePath: file.path))
    guard let configuration else { return }
    let text = try Data(contentsOf: URL(filePath: place))
    var keys = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
    configuration(&keys)
    try JSONSerialization.data(withJSONObject: keys).write(to: URL(filePath: place))
  }
}
