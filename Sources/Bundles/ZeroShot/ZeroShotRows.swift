import Alignment
import Encoders
import Foundation
import Layers
import Tensors
import Training

/// Rows of a manifest with their similarities to labels that are known by texts alone.
struct ZeroShotRows {
  /// One for each task of the rows, with the labels that are asked for.
  var tasks: [LabelTask]
  var samples: [Sample]
  /// `[sample][label of its task]`.
  var similarities: [[Float]]
  /// By task.
  var asked: [ZeroShotLabels]
  var refused: [DatasetBuilder.Refusal]

  /// - Parameter rows: of the manifest; tasks are those that they name, else one for scans and one for recordings.
  /// - Throws: `BundleError` where no row can be read, or none has a label that is asked for.
  init(
    _ rows: [ManifestRow], of manifest: Manifest, asking texts: LabelTexts, bundle: ModelBundle,
    on team: ReplicaTeam, progress: @escaping @Sendable (Int, Int, String) -> Void
  ) throws {
    let known = bundle.description
    var kinds: [String: Set<SampleInput.Kind>] = [:]
    for row in rows {
      for kind in row.kinds {
        kinds[row.task ?? (kind == .series ? "series" : "scans"), default: []].insert(kind)
      }
    }
    // Tasks of which no text speaks are left out, unless that leaves nothing: then their names are told.
    let all = kinds.keys.sorted()
    let spoken = all.filter { name in texts.entries.contains { $0.task == nil || $0.task == name } }
    let names = spoken.isEmpty ? all : spoken
    let rows = rows.filter { row in row.task.map(names.contains) ?? true }
    let isExclusive = Dictionary(grouping: rows) { $0.task }.mapValues {
      $0.allSatisfy { $0.labels.count < 2 }
    }
    asked = try names.map { try ZeroShotLabels(texts, bundle: bundle, task: $0) }
    tasks = zip(names, asked).map { name, asked in
      LabelTask(name: name, labels: asked.labels, exclusive: isExclusive[name] ?? isExclusive[nil] ?? true)
    }
    let builder = DatasetBuilder(
      manifest: manifest, vision: known.vision, series: known.series,
      known: (tasks, names.map { kinds[$0] ?? [] }, asked.map(\.texts), known.series?.sets ?? [])
    ) { progress($0, $1, "decoding") }
    let result = try builder.build(rows, on: team)
    (samples, refused) = (result.data.train + result.data.validation + result.data.test, result.refused)
    guard samples.contains(where: { $0.labels != nil }) else {
      let there = Set(rows.flatMap(\.labels)).sorted().prefix(12).joined(separator: ", ")
      throw BundleError(
        path: manifest.path,
        reason: samples.isEmpty
          ? "No row can be read by this bundle." + (refused.first.map { " The first: \($0.reason)" } ?? "")
          : "No row has a label that is asked for; the rows have \(there.isEmpty ? "none" : there).",
        remedy: samples.isEmpty
          ? "Choose another --split, or a bundle for these modalities."
          : "Write labels into the file as the manifest writes them.")
    }
    progress(0, 1, "scoring")
    let asked = asked
    similarities = try zip(samples, bundle.places(of: samples, on: team)).map { sample, place in
      asked[sample.task].similarities(place)
    }
  }
}

extension ModelBundle {
  /// Places of samples in the shared space, in their order; no head is asked.
  func places(of samples: [Sample], on team: ReplicaTeam) throws -> [[Float]] {
    var batches: [[Int]] = []
    for (_, members) in Dictionary(grouping: samples.indices, by: { samples[$0].stream }) {
      batches += stride(from: 0, to: members.count, by: 32).map {
        Array(members[$0..<min(members.count, $0 + 32)])
      }
    }
    let (model, builder, type, work) = (model, network.builder, precision.tape, batches)
    let parts = try team.map(work.count) { index -> [[Float]] in
      let inputs = work[index].map { samples[$0].input }
      let tape = Tape(.inference, precision: type)
      var unused = SeededGenerator(seed: 0)
      let encoded = model.encode(
        builder.build(inputs, augmenting: false, using: &unused), on: tape, using: &unused)
      let values = model.embed(encoded, kind: inputs[0].kind, on: tape).floats()
      let width = values.count / inputs.count
      return inputs.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    var out = [[Float]](repeating: [], count: samples.count)
    for (members, part) in zip(batches, parts) { for (row, place) in zip(members, part) { out[row] = place } }
    return out
  }
}
