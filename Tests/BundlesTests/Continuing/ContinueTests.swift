import Alignment
import Bundles
import Foundation
import Testing
import Training

@Suite("Bundles that learn on", .serialized)
struct ContinueTests {
  @Test("A new label is learned, the old ones stay, the old bundle is kept, and all of it is told")
  func learnsOn() throws {
    let toy = try ContinuingToy()
    let before = ContinuingToy.files(toy.bundle), old = try ModelBundle(path: toy.bundle)
    let outcome = try toy.run { $0.recipe = nil }
    #expect(outcome.objection == nil && outcome.refused.isEmpty && !outcome.isFlattered)
    let bundle = try #require(outcome.bundle)
    #expect(bundle.description.tasks[0].labels == ["clogged", "hot", "normal", "leaking"])
    #expect(bundle.description.descriptions[0][3] == ["too much flows"])
    let known = outcome.table.labels.filter { !$0.isNew }
    #expect(known.map(\.label) == ["clogged", "hot", "normal"] && known.allSatisfy { $0.old?.rows ?? 0 > 0 })
    let new = try #require(outcome.table.labels.last?.new)
    #expect(outcome.table.labels.last?.isNew == true && new.recallBefore == nil && new.recallAfter > 0.8)
    #expect(outcome.table.meanAfter ?? 0 >= (outcome.table.meanBefore ?? 1) - 0.02)
    // Rows of the old test part, which nobody has learned from.
    let test = try EvaluateJob(
      manifest: TrainedToy.shared.get().manifest, split: .test, bundle: bundle, threads: 2
    ) { _, _, _ in }.run()
    #expect(test.evaluation.accuracy ?? 0 > 0.8)

    let record = try #require(bundle.description.continuation)
    #expect(record.version == 2 && record.parent == 1 && record.parentSHA256 == old.sha256)
    #expect(record.table == outcome.table && record.penalty > 0 && record.replayed > 0)
    let card = try String(contentsOfFile: toy.bundle + "/CARD.md", encoding: .utf8)
    #expect(card.contains("Training data is inside this bundle") && card.contains("| leaking (new) |"))
    #expect(ContinuingToy.files(toy.bundle + "/versions/1") == before)
    // What it keeps now has rows of the new label, held out and not, and what it says of the former.
    let rows = try #require(try bundle.replay())
    for part in [rows.learned, rows.heldOut] { #expect(part.contains { $0.sample.labels?[3] == 1 }) }
    #expect(rows.heldOut.allSatisfy { $0.answer?.logits.count == 4 })
  }

  @Test("Without replay and penalty it forgets: the old bundle stays, byte for byte, and the table says what")
  func forgets() throws {
    let toy = try ContinuingToy()
    let before = ContinuingToy.files(toy.bundle)
    try toy.write(
      "replay: {rows: 0}\nelasticity: 0\nlearningRate: 0.02\nensemble: [trees]\n", to: "recipe.yaml")
    let outcome = try toy.run { $0.recipe = toy.folder + "/recipe.yaml" }
    let objection = try #require(outcome.objection)
    #expect(objection.contains("falls from") && outcome.bundle == nil)
    #expect(outcome.table.meanAfter ?? 1 < (outcome.table.meanBefore ?? 0) - 0.3)
    #expect(ContinuingToy.files(toy.bundle) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: toy.folder).count { $0.contains("partial") } == 0)
    // Who allows everything gets it.
    let allowed = try toy.run {
      ($0.recipe, $0.limit, $0.labelLimit) = (toy.folder + "/recipe.yaml", 1, 1)
      $0.out = toy.folder + "/other.braid"
    }
    #expect(allowed.bundle?.description.continuation?.penalty == 0)
    #expect(try allowed.bundle?.replay() == nil && ContinuingToy.files(toy.bundle) == before)
  }

  @Test("The same seed and threads give the same bits") func deterministic() throws {
    let toy = try ContinuingToy()
    let weights = try ["a", "b"].map { name in
      _ = try toy.run {
        ($0.out, $0.epochs) = ("\(toy.folder)/\(name).braid", 2); ($0.limit, $0.labelLimit) = (1, 1)
      }
      return ContinuingToy.files("\(toy.folder)/\(name).braid")
    }
    for file in ["weights.safetensors", "replay.safetensors"] {
      #expect(weights[0][file] != nil && weights[0][file] == weights[1][file], "\(file)")
    }
  }

  @Test("A bundle without rows asks for the old manifest, and draws them from it")
  func fromManifest() throws {
    let toy = try ContinuingToy()
    let path = toy.bundle + "/bundle.json"
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    object["replay"] = nil
    try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path))
    let error = #expect(throws: BundleError.self) { try toy.run() }
    #expect(error?.remedy.contains("--replay OLDMANIFEST.csv") == true)
    let manifest = try TrainedToy.shared.get().manifest
    let outcome = try toy.run { ($0.replay, $0.limit, $0.labelLimit) = (manifest, 1, 1) }
    #expect(outcome.isFlattered && outcome.bundle?.description.continuation?.isFlattered == true)
    #expect(outcome.table.labels.filter { $0.old != nil }.count == 3)
    #expect(try outcome.bundle?.replay()?.learned.isEmpty == false)
  }

  @Test("Rows on which forgetting is measured are not learned when they come again")
  func leavesOut() throws {
    let toy = try ContinuingToy(), trained = try TrainedToy.shared.get()
    let lines = try String(contentsOfFile: trained.manifest, encoding: .utf8).split(separator: "\n")
    let old = lines.dropFirst().filter { $0.contains(",train,") }.map { line -> String in
      let cells = line.split(separator: ",")
      return "again-\(cells[0]),\(cells[2]),\(cells[3]),\(trained.folder)/\(cells[4]),\(cells[5]),\(cells[6])"
    }
    let new = try String(contentsOfFile: toy.manifest, encoding: .utf8)
    try toy.write(new + old.joined(separator: "\n") + "\n", to: "all.csv")
    let outcome = try toy.run {
      ($0.manifest, $0.epochs, $0.limit, $0.labelLimit) = (toy.folder + "/all.csv", 1, 1, 1)
    }
    #expect(outcome.leftOut > 0)
  }

  @Test("Bundles of pictures, damaged rows, rows without labels and other shapes are refused with a remedy")
  func refusals() throws {
    let toy = try ContinuingToy()
    let pictures = try TinyBundle.shared.get().path
    let scans = #expect(throws: BundleError.self) {
      try toy.run { ($0.from, $0.out) = (pictures, toy.folder + "/other.braid") }
    }
    #expect(scans?.remedy == "Train again with the rows of both manifests.")
    try toy.write("embedding: 64\n", to: "recipe.yaml")
    let shapes = #expect(throws: BundleError.self) { try toy.run { $0.recipe = toy.folder + "/recipe.yaml" } }
    #expect(shapes?.reason.contains("other encoders") == true)
    try toy.write("id,label,series,start,end\na,normal;hot,n0.csv,1,20\nb,hot,n1.csv,1,20\n", to: "two.csv")
    let two = #expect(throws: BundleError.self) { try toy.run { $0.manifest = toy.folder + "/two.csv" } }
    #expect(two?.reason.contains("gives every row one") == true)
    let file = toy.bundle + "/replay.safetensors"
    try #require(FileManager.default.contents(atPath: file)).dropLast(4).write(to: URL(filePath: file))
    let damaged = #expect(throws: BundleError.self) { try toy.run() }
    #expect(damaged?.path == file && damaged?.remedy.contains("--replay") == true)
    // Answers do not need it.
    #expect(throws: Never.self) { try ModelBundle(path: toy.bundle) }
  }
}
