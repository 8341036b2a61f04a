import Alignment
import Training

extension EvaluateJob {
  /// Scores the labels of the manifest by texts alone.
  func zeroShot(
    _ labels: LabelTexts, on team: ReplicaTeam
  ) throws -> (evaluation: Evaluation, refused: [DatasetBuilder.Refusal]) {
    let manifest = try bundle.description.training.manifest(manifest, for: split)
    let rows = try ZeroShotRows(
      manifest.rows(in: split), of: manifest, asking: labels, bundle: bundle, on: team, progress: progress)
    var calls: (([Float]) -> [Bool])?
    if let asked = rows.asked.first, asked.isIndependent {
      calls = { similarities in
        asked.probabilities(asked.logits(similarities: similarities)).map { $0 >= 0.5 }
      }
    }
    let evaluation = ZeroShotScorer.evaluation(
      rows.samples, tasks: rows.tasks, similarities: rows.similarities, split: split.rawValue,
      calls: calls)
    return (evaluation, manifest.refusals(in: split) + rows.refused)
  }
}
