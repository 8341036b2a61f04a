import Bundles
import Foundation
import Testing

@Suite("Embedding, searching, routing")
struct SearchAndRouteTests {
  @Test("Embeddings have unit length and the same width for every modality and text")
  func embeds() throws {
    let embedder = Embedder(try TinyBundle.load())
    let mixed = Package.samples + "/mixed"
    let places = try ["chest.jpg", "breathing.avi", "pump.csv"].map { try embedder.place("\(mixed)/\($0)") }
    #expect(places.map(\.kind) == [.image, .clip, .series])
    let all = try places.map(\.embedding) + [embedder.place(text: "pleural effusion")]
    for embedding in all {
      #expect(embedding.count == all[0].count)
      #expect(abs(embedding.reduce(0) { $0 + $1 * $1 } - 1) < 1e-3)
    }
  }

  @Test("A file is the nearest to itself, over all modalities")
  func findsItself() throws {
    let bundle = try TinyBundle.load()
    for name in ["chest.jpg", "breathing.avi", "pump.csv"] {
      let path = "\(Package.samples)/mixed/\(name)"
      let outcome = try SearchJob(
        query: .file(path), folders: [Package.samples + "/mixed"], top: 3, bundle: bundle, threads: 2
      ).run()
      #expect(outcome.compared == 3)
      #expect(outcome.hits.count == 3)
      #expect(outcome.hits.map(\.rank) == [1, 2, 3])
      #expect(outcome.hits[0].similarity >= outcome.hits[1].similarity)
      if name != "pump.csv" {
        #expect(outcome.hits.first?.path == path)
        #expect((outcome.hits.first?.similarity ?? 0) > 0.999)
      }
    }
  }

  @Test("A folder of scan and recording goes to both heads; notes are passed over")
  func routes() throws {
    let outcome = try RouteJob(
      paths: [Package.samples + "/mixed"], bundle: TinyBundle.load(), threads: 2
    ).run()
    let heads = Dictionary(
      uniqueKeysWithValues: outcome.decisions.map {
        (($0.path as NSString).lastPathComponent, $0.choice.head)
      })
    #expect(heads == ["chest.jpg": .report, "breathing.avi": .report, "pump.csv": .fault])
    #expect(outcome.passedOver.contains { $0.hasSuffix("notes.txt") })
    for decision in outcome.decisions {
      #expect(!decision.choice.reasons.isEmpty)
      #expect(decision.alternatives[decision.choice.task] == decision.alternatives.values.min())
    }
  }
}
