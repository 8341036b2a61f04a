import Alignment
import Bundles
import Foundation
import Testing

/// The weights that Scripts/get-weights fetches, against PyTorch (Scripts/reference/make-minilm-values and
/// make-efficientnet-fixtures). They are looked for in `$BRAID_WEIGHTS` and beside the package in `../shared/weights`.
@Suite struct PublishedWeightsTests {
  static let folder: String? = [
    ProcessInfo.processInfo.environment["BRAID_WEIGHTS"],
    ProcessInfo.processInfo.environment["BRAID_SHARED"].map { $0 + "/weights" },
    Package.root + "/../shared/weights",
  ].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }

  static func has(_ name: String) -> Bool {
    folder.map { FileManager.default.fileExists(atPath: "\($0)/\(name)/model.safetensors") } ?? false
  }

  struct Sentences: Decodable {
    var texts: [String]
    var mean: [[Float]]
  }

  @Test(.enabled(if: has("all-minilm-l6-v2"), "Scripts/get-weights has not been run; see $BRAID_WEIGHTS"))
  func miniLM() throws {
    let known = try ImportTests.expected(Sentences.self, "minilm.json")
    try Scratch.with { scratch in
      let folder = try #require(Self.folder) + "/all-minilm-l6-v2"
      let bundle = try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      let found = bundle.predictor.embed(texts: known.texts.map { bundle.tokens($0) })
      for (index, wanted) in known.mean.enumerated() {
        #expect(ImportTests.farthest(found[index], wanted) < 1e-4, "\(known.texts[index].prefix(40))")
      }
    }
  }

  @Test(.enabled(if: has("efficientnet-lite0"), "Scripts/get-weights has not been run; see $BRAID_WEIGHTS"))
  func lite0() throws {
    let known = try ImportTests.expected(EfficientNetTests.Expected.self, "lite0.json")
    try Scratch.with { scratch in
      let folder = try #require(Self.folder) + "/efficientnet-lite0"
      let bundle = try ImportJob(.init(folder: folder, out: scratch + "/out")).run()
      let picture = EfficientNetTests.picture(known.side)
      let found = try #require(bundle.predictor.predict([.image(picture)], task: 0).first?.embedding)
      #expect(ImportTests.farthest(found, known.embedding) < 1e-4)
    }
  }
}
