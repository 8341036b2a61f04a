import Alignment
import Encoders
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
    let (samples, refused) = try samples(on: team)
    progress(0, 1, "scoring")
    var evaluation = try bundle.evaluate(
      samples, split: split.rawValue, on: team, resamples: Evaluator.usualResamples)
    evaluation.report = try reports(samples, on: team)
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
  ) throws -> (samples: [Sample], refused: [DatasetBuilder.Refusal]) {
    let manifest = try bundle.description.training.manifest(manifest, for: split)
    let known = bundle.description
    let builder = DatasetBuilder(
      manifest: manifest, vision: known.vision, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ) { progress($0, $1, "decoding") }
    let result = try builder.build(manifest.rows.filter { $0.split == split }, on: team)
    let samples = result.data.train + result.data.validation + result.data.test
    let refused = manifest.refusals(in: split) + result.refused
    guard !samples.isEmpty else {
      throw BundleError(
        path: self.manifest,
        reason: "The split \(split.rawValue) has no row that this bundle can read."
          + (refused.first.map { " The first: \($0.reason)" } ?? ""),
        remedy: "Choose another --split, or a bundle for these modalities.")
    }
    return (samples, refused)
  }

  /// Writes a text for every scan that has one and compares; at most 200, evenly spaced.
  private func reports(_ samples: [Sample], on team: ReplicaTeam) throws -> Evaluation.Report? {
    guard let decoder = bundle.model.heads.decoder, let tokenizer = bundle.tokenizer else { return nil }
    let known = samples.filter { !$0.texts.isEmpty && $0.input.kind != .series }
    guard !known.isEmpty else { return nil }
    let some = stride(from: 0, to: known.count, by: max(1, known.count / 200)).map { known[$0] }
    let bundle = bundle
    let written = try team.map(some.count) { index in
      let (encoded, prediction) = bundle.encode(some[index])
      let shares = bundle.probabilities(task: some[index].task, prediction.logits)
      return tokenizer.decode(
        decoder.write(
          encoded, task: some[index].task, labels: shares.isEmpty ? nil : shares,
          begin: tokenizer.specials.begin,
          end: tokenizer.specials.end, beams: 1, precision: bundle.precision.tape
        ).ids)
    }
    return ReportScorer.score(written, references: some.map(\.texts))
  }
}
