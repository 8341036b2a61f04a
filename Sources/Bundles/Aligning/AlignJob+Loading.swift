import Alignment
import Crypto
import Encoders
import Foundation
import Training

/// Reading what a training learns from.
extension AlignJob {
  func load(
    _ manifest: Manifest, _ rows: [ManifestRow], _ recipe: inout Recipe, on team: ReplicaTeam,
    like known: Dataset
  ) throws -> Dataset {
    let builder = DatasetBuilder(
      manifest: manifest, vision: recipe.vision, series: recipe.series,
      known: (known.tasks, known.kinds, known.descriptions, known.channelSets)
    ) { progress($0, $1, "decoding again") }
    return try builder.build(rows.filter { $0.split == .train }, on: team).data
  }

  func load(
    _ manifest: Manifest, _ rows: [ManifestRow], _ recipe: inout Recipe, on team: ReplicaTeam
  ) throws -> DatasetBuilder.Result {
    var builder = DatasetBuilder(manifest: manifest, vision: recipe.vision, series: recipe.series) {
      progress($0, $1, "decoding")
    }
    builder.seed = recipe.seed
    let result = try builder.build(rows, on: team)
    guard !result.data.train.isEmpty else {
      let first = result.refused.first.map { " The first: \($0.reason)" } ?? ""
      throw BundleError(
        path: options.manifest, reason: "None of the train rows can be used.\(first)",
        remedy: "Check the paths and splits of the manifest.")
    }
    recipe.series?.sets = result.data.channelSets
    return result
  }

  /// Of everything that decides how a training goes on from a checkpoint, but the learning rate: lowering it is what a
  /// training whose loss is no longer a number needs to go on.
  func fingerprint(
    _ recipe: Recipe, _ rows: [ManifestRow], _ source: ModelBundle?
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var hash = SHA256()
    var same = recipe
    same.learningRate = 0
    hash.update(data: try encoder.encode(same))
    for row in rows { hash.update(data: Data("\(row.id)\(row.split)\(row.labels)\(row.text ?? "")".utf8)) }
    hash.update(data: Data("\(replicas)".utf8))
    // Frozen weights stand in no checkpoint.
    if let source { hash.update(data: Data(source.sha256.utf8)) }
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }
}
