import Alignment
import Bundles
import Encoders
import Faults
import Foundation
import Layers
import Reports
import Testing
import Training

/// Answers to labels that are known by texts alone, against the places that the bundle gives inputs and texts.
@Suite("Zero-shot answers", .serialized)
struct ZeroShotAnswerTests {
  private let labels = LabelTexts(entries: [
    .init(label: "warm", text: "The machine runs hot."), .init(label: "warm", text: "It is too hot."),
    .init(label: "calm", text: "All is well."),
  ])

  private func direction(_ sum: [Float]) -> [Float] {
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { $0 / length }
  }

  private func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func predict(_ labels: LabelTexts?, bundle: ModelBundle) throws -> (
    lines: [FaultPrediction], summary: PredictJob.Summary
  ) {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try TinyMachine.csv(TinyMachine.readings(120, fault: "hot", onset: 61, seed: 901))
        .write(toFile: path, atomically: true, encoding: .utf8)
      var options = PredictJob.Options(path: path)
      (options.labels, options.threads) = (labels, 2)
      var lines: [FaultPrediction] = []
      let summary = try PredictJob(options, bundle: bundle).run { lines += $0 }
      return (lines, summary)
    }
  }

  @Test("The cosine to the mean of a label's texts, at the scale that training learned")
  func similarities() throws {
    let bundle = try TinyMachine.bundle(), embedder = Embedder(bundle)
    let asked = try ZeroShotLabels(labels, bundle: bundle)
    #expect(asked.labels == ["warm", "calm"] && asked.texts[0].count == 2)
    let texts = try labels.entries.map { try embedder.place(text: $0.text) }
    let warm = direction(zip(texts[0], texts[1]).map { $0 + $1 })
    let place = try embedder.place(text: "a fault")
    let wanted = [product(warm, place), product(texts[2], place)]
    for (a, b) in zip(asked.similarities(place), wanted) { #expect(abs(a - b) < 1e-5) }
    let scale = expf(bundle.model.logScale.floats()[0])
    let odds = expf(scale * (wanted[0] - wanted[1]))
    #expect(abs(asked.shares(asked.logits(place))[0] - odds / (1 + odds)) < 1e-4)
  }

  @Test("A fault asked for in words is found, marked, and never alarms")
  func faults() throws {
    let bundle = try TinyMachine.bundle()
    let (own, alarms) = try predict(nil, bundle: bundle)
    let (lines, summary) = try predict(labels, bundle: bundle)
    #expect(alarms.alarms > 0 && summary.alarms == 0 && summary.firstAlarm == nil)
    #expect(lines.map(\.row) == own.map(\.row))
    #expect(lines.allSatisfy { $0.isZeroShot && !$0.alarm && $0.json.contains("\"zeroShot\":true") })
    #expect(own.allSatisfy { !$0.isZeroShot && !$0.json.contains("zeroShot") })
    // The texts are those that it was trained with, under names that it never saw.
    #expect(
      lines.filter { $0.row <= 60 }.allSatisfy { $0.fault == "calm" && $0.description == "All is well." })
    let after = lines.filter { $0.row >= 85 }
    #expect(!after.isEmpty && after.allSatisfy { $0.fault == "warm" })
    #expect(after.allSatisfy { $0.probabilities.count == 2 && abs($0.probabilities.reduce(0, +) - 1) < 1e-4 })
    #expect(
      after.allSatisfy { line in line.contributions.max { $0.share < $1.share }?.sensor == "temperature" })
  }

  @Test("A label without another to compare with, and texts of other tasks, are refused")
  func refusals() throws {
    let bundle = try TinyMachine.bundle()
    let alone = #expect(throws: BundleError.self) {
      try predict(LabelTexts(entries: [.init(label: "warm", text: "hot")]), bundle: bundle)
    }
    #expect(alone?.reason.contains("“warm” stands alone") == true)
    let elsewhere = #expect(throws: BundleError.self) {
      try ZeroShotLabels(
        LabelTexts(entries: [.init(label: "warm", text: "hot", task: "ovens")]), bundle: bundle, task: "pumps"
      )
    }
    #expect(elsewhere?.reason.contains("“pumps”") == true)
    try Scratch.with { scratch in
      let pictures = try ImportJob(
        .init(folder: ImportTests.fixtures.path + "/vit", out: scratch + "/vit.braid")
      ).run()
      let silent = #expect(throws: BundleError.self) { try ZeroShotLabels(labels, bundle: pictures) }
      #expect(silent?.reason.contains("no text encoder") == true)
    }
  }

  @Test("A finding asked for in words stands beside the findings and is none of them")
  func reports() throws {
    let out = try TemporaryFolder(), plain = try TemporaryFolder()
    var options = ReportJob.Options(folders: [Package.samples + "/scans/01-png"], out: out.path)
    options.formats = [.json, .md, .html]
    options.labels = LabelTexts(entries: [
      .init(label: "fractured rib", text: "There is a broken rib."),
      .init(label: "clear", text: "Both lungs are clear."),
    ])
    let bundle = try TinyBundle.load()
    _ = try ReportJob(options, bundle: bundle).run()
    options.labels = nil
    options.out = plain.path
    _ = try ReportJob(options, bundle: bundle).run()
    func report(_ folder: String) throws -> ReportDocument {
      let file = folder + "/01-png/report.json"
      return try ReportDocument(json: Data(contentsOf: URL(filePath: file)), place: file)
    }
    let (asked, without) = (try report(out.path), try report(plain.path))
    #expect(asked.findings == without.findings && asked.sections == without.sections)
    #expect(without.asked.isEmpty)
    if asked.abstains {
      #expect(asked.asked.isEmpty)
    } else {
      #expect(asked.asked.map(\.label) == ["fractured rib", "clear"])
      #expect(abs(asked.asked.reduce(0) { $0 + $1.share } - 1) < 1e-4)
      let text = try String(contentsOfFile: out.path + "/01-png/report.md", encoding: .utf8)
      #expect(text.contains("uncalibrated; not a finding"))
    }
  }
}
