import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Testing
import Training

@Suite("Labels scored by their texts alone", .serialized)
struct LeavingOutTests {
  @Test("A label that is left out is trained on nowhere and scored among all")
  func leaveOut() throws {
    let toy = try TrainedToy.shared.get()
    let out = toy.folder + "/without-hot.braid"
    var options = AlignJob.Options(manifest: toy.manifest, out: out, threads: 2)
    (options.leaveOut, options.epochs, options.force) = (["hot"], 6, true)
    let bundle = try AlignJob(options) { _, _, _ in }.run().bundle
    let record = bundle.description.training
    #expect(bundle.description.tasks.map(\.labels) == [["clogged", "normal"]])
    #expect(!bundle.description.descriptions.joined().joined().contains { $0.contains("too hot") })
    // 24 recordings of three windows, a third of them hot; every fourth group is for testing.
    #expect((record.rows["train"] ?? 0) + (record.rows["val"] ?? 0) == 36 && record.rows["test"] == 12)
    let figures = try #require(record.leftOut?.tasks.first)
    #expect(figures.labels == ["hot"] && figures.n == 6 && figures.allLabels == 3)
    #expect(figures.accuracyAmongLeftOut == nil)

    // The same by hand: windows as the bundle takes them, nearest text.
    let manifest = try Manifest(path: toy.manifest), known = bundle.description
    let samples = try DatasetBuilder(
      manifest: manifest, vision: nil, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ).build(manifest.rows(in: .test), on: ReplicaTeam(1)).data.test
    #expect(samples.count == 18)
    let labels = ["clogged", "hot", "normal"]
    let texts = try labels.map {
      try Embedder(bundle).place(text: try #require(manifest.labelTexts[$0]?.first))
    }
    let states = Dictionary(uniqueKeysWithValues: manifest.rows.map { ($0.id, $0.labels[0]) })
    var right = 0, warm: [Float] = [], others: [Float] = []
    for (sample, prediction) in zip(samples, try bundle.predictor.predict(samples, on: ReplicaTeam(1))) {
      let near = texts.map { zip($0, prediction.embedding).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
      guard states[sample.id] == "hot" else {
        others.append(near[1])
        continue
      }
      warm.append(near[1])
      if near[1] > max(near[0], near[2]) { right += 1 }
    }
    let accuracy = try #require(figures.accuracyAmongAll), auroc = try #require(figures.aurocAmongAll)
    #expect(abs(accuracy * 6 - Double(right)) < 1e-9)
    var ordered = 0.0
    for own in warm { for other in others { ordered += own > other ? 1 : own == other ? 0.5 : 0 } }
    let area = ordered / Double(warm.count * others.count)
    #expect(abs(auroc - area) < 0.02)
    let card = try String(contentsOfFile: out + "/CARD.md", encoding: .utf8)
    #expect(card.contains("left out hot (6 test rows), zero-shot"))
    #expect(try ModelBundle(path: out).description.training.leftOut == record.leftOut)
  }

  @Test("Labels that cannot be left out are refused before anything is read")
  func refusals() throws {
    let toy = try TrainedToy.shared.get()
    func reason(_ labels: [String]) throws -> String {
      var options = AlignJob.Options(manifest: toy.manifest, out: toy.folder + "/never.braid", threads: 1)
      options.leaveOut = labels
      return try #require(#expect(throws: BundleError.self) { try AlignJob(options) { _, _, _ in }.run() })
        .description
    }
    let strange = try reason(["hot", "cold"])
    #expect(strange.contains("no label “cold”") && strange.contains("clogged, hot, normal"))
    #expect(try reason(["hot", "clogged", "normal"]).contains("no labelled train row"))
    #expect(!FileManager.default.fileExists(atPath: toy.folder + "/never.braid"))
  }

  @Test("Evaluate scores a manifest by the texts of a file, in any order and under the manifest's labels")
  func evaluate() throws {
    let toy = try TrainedToy.shared.get(), bundle = toy.outcome.bundle
    func evaluation(_ entries: [LabelTexts.Entry]) throws -> Evaluation {
      var job = EvaluateJob(manifest: toy.manifest, split: .test, bundle: bundle, threads: 2) { _, _, _ in }
      job.labels = LabelTexts(entries: entries)
      return try job.run().evaluation
    }
    let own = [
      LabelTexts.Entry(label: "hot", text: "the pump is too hot"),
      .init(label: "normal", text: "the pump runs as it should"),
      .init(label: "clogged", text: "little flows and it shakes"),
    ]
    let found = try evaluation(own)
    // The bundle's own descriptions, one a label: the figures that it gives without a file.
    let known = try #require(toy.outcome.evaluations.first { $0.split == "test" }?.zeroShot)
    #expect(found.n == 18 && found.accuracy == nil)
    let (accuracy, auroc) = (try #require(found.zeroShot?.accuracy), try #require(found.zeroShot?.auroc))
    let (knownAccuracy, knownAUROC) = (try #require(known.accuracy), try #require(known.auroc))
    #expect(abs(accuracy - knownAccuracy) < 1e-9)
    #expect(abs(auroc - knownAUROC) < 1e-9)
    // Texts exchanged between two labels are wrong answers.
    let swapped = try evaluation([
      .init(label: "hot", text: own[1].text), .init(label: "normal", text: own[0].text), own[2],
    ])
    let wrong = try #require(swapped.zeroShot?.accuracy)
    #expect(wrong < accuracy)
    // Rows of labels that nobody asks for are not scored.
    #expect(try evaluation([own[0], own[2]]).n == 12)
    let none = #expect(throws: BundleError.self) {
      try evaluation([.init(label: "rain", text: "it rains"), .init(label: "snow", text: "it snows")])
    }
    #expect(none?.reason.contains("clogged, hot, normal") == true)
  }
}
