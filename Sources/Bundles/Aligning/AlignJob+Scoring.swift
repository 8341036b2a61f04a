import Alignment
import Foundation
import Training

/// What a training leaves behind: its scores and its record.
extension AlignJob {
  func record(_ bundle: inout ModelBundle, _ prepared: Prepared, start: Date) {
    var record = bundle.description.training
    record.manifest = URL(fileURLWithPath: options.manifest).lastPathComponent
    record.manifestSHA256 = FileDigest.sha256(path: options.manifest)
    record.dealt = prepared.deal
    let data = prepared.loaded.data
    record.rows = [
      "train": data.train.count, "val": data.validation.count, "test": data.test.count,
      "labelled": prepared.survey.labelled,
    ]
    if !prepared.taken.isEmpty { record.rows["labelledByOverlap"] = prepared.taken.count }
    record.keptIDs = prepared.kept
    record.seconds = Date().timeIntervalSince(start)
    record.threads = replicas
    record.excludedColumns = prepared.loaded.exclusions
    record.refused = prepared.manifest.refusals() + prepared.loaded.refused
    record.audit = prepared.audit.record
    bundle.description.training = record
  }

  /// - Parameter rows: of the manifest, so that faults in recordings are scored as events too.
  func evaluate(
    _ bundle: ModelBundle, _ split: Split, _ samples: [Sample], rows: [ManifestRow] = [],
    on team: ReplicaTeam
  ) throws -> [Evaluation] {
    guard !samples.isEmpty else { return [] }
    progress(0, 1, "scoring \(split.rawValue)")
    return [
      try bundle.evaluate(
        samples, rows: rows, split: split.rawValue, on: team, resamples: Evaluator.usualResamples)
    ]
  }

  /// Scores without the rows that an earlier split has too; nothing where there are none, or no others.
  func evaluate(
    _ bundle: ModelBundle, _ split: Split, _ samples: [Sample], newTo audit: SplitAudit, on team: ReplicaTeam
  ) throws -> [Evaluation] {
    let seen = audit.seen(in: split)
    guard !seen.isEmpty else { return [] }
    return try evaluate(bundle, split, samples.filter { !seen.contains($0.id) }, on: team)
  }

  /// Adds how good the reports are that the bundle writes for a part.
  func scoreReports(
    _ evaluations: inout [Evaluation], _ bundle: ModelBundle, _ samples: [Sample], _ data: Dataset,
    on team: ReplicaTeam
  ) throws {
    guard !evaluations.isEmpty, !ReportTrial.comparable(samples).isEmpty else { return }
    progress(0, 1, "scoring reports")
    evaluations[0].report = try ReportTrial(bundle: bundle).score(samples, known: data.train, on: team)
  }

  /// Keeps a bundle from being written whose reports say no more than one report for all, or another scan's, would.
  /// - Throws: `BundleError`; the checkpoints stay, so that nothing need be trained again.
  func requireReports(_ evaluations: [Evaluation]) throws {
    guard !options.accept, let objection = evaluations.lazy.compactMap({ $0.report?.objection }).first
    else { return }
    throw BundleError(
      path: options.out, reason: "It was not written. \(objection)",
      remedy:
        "Train longer or on more reports; or go on from the checkpoint with --resume --accept to write it as it is."
    )
  }
}
