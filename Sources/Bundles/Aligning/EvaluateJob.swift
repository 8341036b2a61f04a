import Alignment
import Encoders
import Faults
import Foundation
import Layers
import Reports
import Training

/// Scores a bundle on one split of a manifest: everything that `braid evaluate` does.
public struct EvaluateJob: Sendable {
  /// Path of the manifest, a CSV; paths in it are relative to its folder.
  public var manifest: String
  /// The part of the manifest that is scored.
  public var split: Split
  /// What is scored; its tasks and labels are looked for in the manifest.
  public var bundle: ModelBundle
  /// Labels to score by their texts alone, in place of all other figures; nil for the bundle's own labels.
  public var labels: LabelTexts?
  /// Reports that are written and compared at most.
  public var reports = EvaluateJob.usualReports
  /// Reports that are written and compared where nobody says how many: see `ReportTrial.usualRows`.
  public static let usualReports = ReportTrial.usualRows
  /// Scans whose evidence is tested by deletion, at most; 0 for none. One costs about a hundred encodings.
  public var evidence = 0
  /// When windows of a recording become an event.
  public var alarms = AlarmRule.usual
  /// Threads that share the decoding and the encoding.
  public var threads: Int
  /// Told what is going on and how far it is: done, of how many, words.
  public var progress: @Sendable (Int, Int, String) -> Void

  /// - Parameter progress: told done, of how many, and words; also from other threads.
  public init(
    manifest: String, split: Split, bundle: ModelBundle, threads: Int,
    progress: @escaping @Sendable (Int, Int, String) -> Void
  ) {
    (self.manifest, self.split, self.bundle) = (manifest, split, bundle)
    (self.threads, self.progress) = (threads, progress)
  }

  /// - Throws: `BundleError` when the split has no usable row.
  public func run() throws -> (evaluation: Evaluation, refused: [DatasetBuilder.Refusal]) {
    let team = ReplicaTeam(threads)
    if let labels { return try zeroShot(labels, on: team) }
    let (samples, rows, refused) = try samples(on: team)
    progress(0, 1, "scoring")
    var evaluation = try bundle.evaluate(
      samples, rows: rows, rule: alarms, split: split.rawValue, on: team, resamples: Evaluator.usualResamples)
    if !ReportTrial.comparable(samples).isEmpty {
      progress(0, 1, "scoring reports")
      evaluation.report = try ReportTrial(bundle: bundle, limit: reports).score(
        samples, known: known(on: team), on: team)
    }
    if evidence > 0 {
      progress(0, 1, "testing evidence")
      evaluation.evidence = try EvidenceTrial(bundle: bundle, limit: evidence).score(samples, on: team)
    }
    return (evaluation, refused)
  }

  /// Fits probabilities and thresholds to the split and writes the bundle, otherwise as it is.
  /// - Throws: `BundleError` where there is something at `out` already, or the split has no usable row.
  public func recalibrate(to out: String, replacing: Bool) throws {
    let team = ReplicaTeam(threads)
    var fitted = bundle
    progress(0, 1, "calibrating")
    try fitted.calibrate(samples(on: team).samples, on: team)
    let card = FileManager.default.contents(atPath: bundle.path + "/CARD.md")
    try fitted.write(
      to: out,
      card: CardThresholds(description: fitted.description).replacing(
        in: String(decoding: card ?? Data(), as: UTF8.self)),
      page: FileManager.default.contents(atPath: bundle.path + "/results.html"), replacing: replacing)
  }

  private func samples(
    on team: ReplicaTeam
  ) throws -> (samples: [Sample], rows: [ManifestRow], refused: [DatasetBuilder.Refusal]) {
    let manifest = try bundle.description.training.manifest(manifest, for: split)
    let rows = manifest.rows.filter { $0.split == split }
    let result = try build(manifest, rows, "decoding", on: team)
    let samples = result.data.train + result.data.validation + result.data.test
    let refused = manifest.refusals(in: split) + result.refused
    guard !samples.isEmpty else {
      throw BundleError(
        path: self.manifest,
        reason: "The split \(split.rawValue) has no row that this bundle can read."
          + (refused.first.map { " The first: \($0.reason)" } ?? ""),
        remedy: "Choose another --split, or a bundle for these modalities.")
    }
    return (samples, rows, refused)
  }

  private func build(
    _ manifest: Manifest, _ rows: [ManifestRow], _ words: String, on team: ReplicaTeam
  ) throws -> DatasetBuilder.Result {
    let known = bundle.description
    let builder = DatasetBuilder(
      manifest: manifest, vision: known.vision, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ) { progress($0, $1, words) }
    return try builder.build(rows, on: team)
  }

  /// Train rows of the manifest that the bundle may have learned from, for the baselines of reports.
  private func known(on team: ReplicaTeam) throws -> [Sample] {
    guard bundle.model.heads.decoder != nil, split != .train else { return [] }
    let record = bundle.description.training
    let manifest = try record.manifest(manifest, for: split)
    let kept = record.keptIDs.map { Set($0) }
    let rows = manifest.rows.filter { row in
      row.split == .train && row.text != nil && row.series == nil && kept?.contains(row.id) ?? true
    }
    return rows.isEmpty
      ? [] : try build(manifest, rows, "decoding reports to compare with", on: team).data.train
  }
}
