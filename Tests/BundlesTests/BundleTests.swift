import Alignment
import Bundles
import Encoders
import Foundation
import Layers
import Selector
import Testing
import Training

@Suite("From a manifest to a bundle and back", .serialized)
struct BundleTests {
  @Test("Half of the labels are enough to tell three states apart, and every step leaves its record")
  func align() throws {
    let toy = try TrainedToy.shared.get()
    let description = toy.outcome.bundle.description
    let test = try #require(toy.outcome.evaluations.first { $0.split == "test" })
    #expect(test.n == 18 && test.accuracy ?? 0 > 0.8)
    #expect(toy.outcome.evaluations.contains { $0.split == "val" })
    #expect(description.tasks.map(\.labels) == [["clogged", "hot", "normal"]])
    #expect(description.training.excludedColumns.map(\.column) == ["fault"])
    #expect(description.series?.sets.first?.channels.map(\.name) == ["flow", "temperature", "vibration"])
    let kept = try #require(description.training.keptIDs)
    #expect((24...30).contains(kept.count) && description.training.rows["labelled"] == kept.count)
    let train = Set(try Manifest(path: toy.manifest).rows(in: .train).map(\.id))
    #expect(train.count == 54 && kept.allSatisfy { train.contains($0) })
    #expect(description.training.rows["test"] == 18)
    #expect(!FileManager.default.fileExists(atPath: toy.folder + "/toy.braid.training"))
    #expect(FileManager.default.fileExists(atPath: toy.bundlePath + "/CARD.md"))
  }

  @Test("Thresholds are fitted to other rows without touching the weights")
  func recalibrates() throws {
    let toy = try TrainedToy.shared.get(), tiny = try TinyBundle.shared.get()
    let folder = try TemporaryFolder()
    let job = EvaluateJob(
      manifest: toy.manifest, split: .test, bundle: toy.outcome.bundle, threads: 1
    ) { _, _, _ in }
    let out = folder.path + "/fitted.braid"
    try job.recalibrate(to: out, replacing: false)
    let fitted = try ModelBundle(path: out)
    #expect(fitted.description.calibrations[0].rows == 18)
    #expect(fitted.description.calibrations[0].rates?.map(\.positives) == [6, 6, 6])
    for file in ["weights.safetensors", "recipe.yaml"] {
      #expect(
        FileManager.default.contents(atPath: "\(out)/\(file)")
          == FileManager.default.contents(atPath: "\(toy.bundlePath)/\(file)"))
    }
    #expect(throws: BundleError.self) { try job.recalibrate(to: out, replacing: false) }
    // The card of a bundle for scans tells the thresholds once, however often they are fitted.
    let manifest = (tiny.path as NSString).deletingLastPathComponent + "/manifest.csv"
    let scans = EvaluateJob(manifest: manifest, split: .train, bundle: tiny.bundle, threads: 2) { _, _, _ in }
    try scans.recalibrate(to: folder.path + "/scans.braid", replacing: false)
    let card = try String(contentsOfFile: folder.path + "/scans.braid/CARD.md", encoding: .utf8)
    #expect(card.components(separatedBy: "## When findings are called present").count == 2)
    #expect(card.contains("| chest-phantom | pneumothorax |") && card.contains("## Limits"))
  }

  @Test("Scored again, the bundle has the figures that stand in bundle.json")
  func evaluate() throws {
    let toy = try TrainedToy.shared.get()
    let bundle = try ModelBundle(path: toy.bundlePath)
    let written = try #require(bundle.description.training.evaluations.first { $0.split == "test" })
    let again = try EvaluateJob(manifest: toy.manifest, split: .test, bundle: bundle, threads: 1) { _, _, _ in
    }.run()
    #expect(again.refused.isEmpty && again.evaluation.n == 18)
    #expect(again.evaluation.accuracy == written.accuracy && again.evaluation.auroc == written.auroc)
    #expect(abs((again.evaluation.ece ?? 9) - (written.ece ?? 0)) < 1e-5)
    #expect(again.evaluation.zeroShot?.accuracy == written.zeroShot?.accuracy && written.zeroShot != nil)
    #expect(throws: BundleError.self) {
      try EvaluateJob(manifest: toy.manifest, split: .val, bundle: bundle, threads: 1) { _, _, _ in }.run()
    }
  }

  @Test("Written and read, a bundle says the same of every input")
  func roundTrip() throws {
    let toy = try TrainedToy.shared.get()
    let first = toy.outcome.bundle
    let path = toy.folder + "/again.braid"
    try first.write(to: path, card: "# card\n", replacing: false)
    let second = try ModelBundle(path: path)
    let samples = try toy.samples(), team = ReplicaTeam(2)
    #expect(samples.count == 18)
    for (a, b) in zip(
      try first.predictor.predict(samples, on: team), try second.predictor.predict(samples, on: team))
    {
      #expect(a.logits == b.logits && a.embedding == b.embedding)
      #expect(first.probabilities(task: 0, a.logits) == second.probabilities(task: 0, b.logits))
    }
    #expect(try second.recipe() == first.recipe() && second.tokens("the pump") == first.tokens("the pump"))
    #expect(second.sha256.count == 64)
    #expect(Set(second.familiarity.keys) == Set(first.familiarity.keys) && !second.familiarity.isEmpty)
    let evidence = zip(try first.predictor.predict(samples, on: team), samples).map { first.evidence($1, $0) }
    #expect(evidence.allSatisfy { $0.strangeness < 4 && $0.quality.missing == 0 })
  }

  @Test("What is there is kept unless it is to be replaced")
  func existing() throws {
    let toy = try TrainedToy.shared.get()
    let path = try toy.copy("existing.braid")
    let before = try Data(contentsOf: URL(fileURLWithPath: path + "/bundle.json"))
    #expect(throws: BundleError.self) {
      try toy.outcome.bundle.write(to: path, card: "other", replacing: false)
    }
    let job = AlignJob(.init(manifest: toy.manifest, out: path, threads: 1)) { _, _, _ in }
    let error = #expect(throws: BundleError.self) { try job.run() }
    #expect(error?.remedy.contains("--force") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/bundle.json")) == before)
    try toy.outcome.bundle.write(to: path, card: "other", replacing: true)
    #expect(try String(contentsOfFile: path + "/CARD.md", encoding: .utf8) == "other")
    let left = try FileManager.default.contentsOfDirectory(atPath: toy.folder).filter {
      $0.contains(".partial")
    }
    #expect(left.isEmpty)
  }

  /// Changes bundle.json of a copy and says what reading it brings.
  private func refusal(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> String {
    let path = try TrainedToy.shared.get().copy("damaged-\(name).braid")
    let file = URL(fileURLWithPath: path + "/bundle.json")
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: file)
    let error = #expect(throws: BundleError.self) { try ModelBundle(path: path) }
    return error?.description ?? ""
  }

  @Test("A newer format is refused, with both numbers")
  func newer() throws {
    let text = try refusal("newer") { $0["formatVersion"] = 7 }
    #expect(text.contains("format 7") && text.contains("up to 1") && text.contains("newer Braid"))
  }

  @Test("A description that does not fit itself or the weights is refused")
  func damagedDescription() throws {
    #expect(try refusal("missing") { $0["tasks"] = nil }.contains("tasks"))
    #expect(try refusal("type") { $0["embedding"] = "wide" }.contains("embedding"))
    #expect(try refusal("calibrations") { $0["calibrations"] = [] as [Any] }.contains("calibrations"))
    #expect(try refusal("descriptions") { $0["descriptions"] = [[["one"]]] }.contains("descriptions"))
    #expect(try refusal("kinds") { $0["kinds"] = [] as [Any] }.contains("kinds"))
    let width = try refusal("width") {
      var series = $0["series"] as? [String: Any] ?? [:]
      series["width"] = 32
      $0["series"] = series
    }
    #expect(width.contains("do not fit") && width.contains("series."))
    #expect(
      try refusal("negative") {
        var series = $0["series"] as? [String: Any] ?? [:]
        series["tokenWidth"] = -4
        $0["series"] = series
      }.contains("series.tokenWidth"))
  }

  /// What reading a bundle complains of.
  private func reading(_ path: String) -> String {
    do {
      _ = try ModelBundle(path: path).recipe()
      return "nothing"
    } catch { return "\(error)" }
  }

  @Test("Files that are cut off, missing or something else are refused with the file's name")
  func damagedFiles() throws {
    let toy = try TrainedToy.shared.get()
    for name in ["bundle.json", "weights.safetensors", "recipe.yaml", "tokenizer.json"] {
      let path = try toy.copy("cut.braid"), file = URL(fileURLWithPath: path + "/" + name)
      let data = try Data(contentsOf: file)
      for (index, damaged) in [data.prefix(data.count / 2), Data("{".utf8), Data()].enumerated() {
        try damaged.write(to: file)
        // Half of a recipe may be a recipe.
        if name == "recipe.yaml" && index == 0 { continue }
        #expect(reading(path).contains(path), "\(name) \(index)")
        // A recipe is for training; answers do not wait for it.
        if name == "recipe.yaml" { #expect(throws: Never.self) { try ModelBundle(path: path) } }
      }
      try FileManager.default.removeItem(at: file)
      #expect(reading(path).contains(name), "\(name) missing")
    }
    #expect(throws: BundleError.self) { try ModelBundle(path: toy.folder) }
    #expect(throws: BundleError.self) { try ModelBundle(path: toy.folder + "/nowhere") }
  }

  @Test("Options that mean nothing are refused before anything is trained")
  func options() throws {
    let toy = try TrainedToy.shared.get()
    func reason(_ change: (inout AlignJob.Options) -> Void) -> String {
      var options = AlignJob.Options(manifest: toy.manifest, out: toy.folder + "/never.braid", threads: 1)
      change(&options)
      do {
        _ = try AlignJob(options) { _, _, _ in }.run()
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(reason { $0.labels = "lots" }.contains("lots"))
    #expect(reason { $0.epochs = 0 }.contains("epochs"))
    #expect(reason { $0.recipe = "/nowhere.yaml" }.contains("/nowhere.yaml"))
    #expect(reason { $0.manifest = "/nowhere.csv" }.contains("/nowhere.csv"))
    #expect(reason { $0.from = ["/nowhere"] }.contains("/nowhere"))
    #expect(!FileManager.default.fileExists(atPath: toy.folder + "/never.braid"))
  }
}
