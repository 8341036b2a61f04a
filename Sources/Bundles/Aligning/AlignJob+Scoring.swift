import Alignment
import Crypto
import Foundation
import Training

/// What a training leaves behind: its scores and its record.
extension AlignJob {
  func record(
    _ bundle: inout ModelBundle, _ manifest: Manifest, _ loaded: DatasetBuilder.Result,
    _ survey: ManifestSurvey, _ kept: [String]?, start: Date
  ) {
    var record = bundle.description.training
    record.manifest = URL(fileURLWithPath: options.manifest).lastPathComponent
    let bytes = FileManager.default.contents(atPath: options.manifest) ?? Data()
    record.manifestSHA256 = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    record.rows = [
      "train": loaded.data.train.count, "val": loaded.data.validation.count, "test": loaded.data.test.count,
      "labelled": survey.labelled,
    ]
    record.keptIDs = kept
    record.seconds = Date().timeIntervalSince(start)
    record.threads = replicas
    record.excludedColumns = loaded.exclusions
    record.refused = manifest.refusals() + loaded.refused
    bundle.description.training = record
  }

  func evaluate(
    _ bundle: ModelBundle, _ splits: [(String, [Sample])], on team: ReplicaTeam
  ) throws -> [Evaluation] {
    try splits.filter { !$0.1.isEmpty }.map { split, samples in
      progress(0, 1, "scoring \(split)")
      return try bundle.evaluate(samples, split: split, on: team, resamples: Evaluator.usualResamples)
    }
  }

  /// Scores without the rows of leaked groups; nothing where there are none.
  func evaluate(
    _ bundle: ModelBundle, _ splits: [(String, [Sample])], without leaked: Set<String>,
    on team: ReplicaTeam
  ) throws -> [Evaluation] {
    guard !leaked.isEmpty else { return [] }
    let clean = splits.map { split, samples in
      (split, samples.filter { $0.group.map(leaked.contains) != true })
    }
    return try evaluate(bundle, clean, on: team)
  }
}
