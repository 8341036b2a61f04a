import Alignment
import Foundation
import Training

/// The rows of a new manifest as a bundle takes them, and its tasks with the labels that are new.
struct ContinuedData: Sendable {
  /// The bundle's: known labels keep their places, new ones follow.
  var tasks: [LabelTask]
  var kinds: [Set<SampleInput.Kind>]
  var descriptions: [[[String]]]
  var train: [Sample]
  var validation: [Sample]
  var test: [Sample]
  var heldOut: HoldOut
  var refused: [DatasetBuilder.Refusal]

  /// - Parameter heldOut: share of the train rows that are held out, where the manifest has no validation part.
  init(
    _ bundle: ModelBundle, options: ContinueJob.Options, heldOut share: Float,
    progress: @escaping @Sendable (Int, Int, String) -> Void, on team: ReplicaTeam
  ) throws {
    let known = bundle.description
    let manifest = try Manifest(path: options.manifest, options: .init(allowLeak: options.allowLeak))
    (tasks, kinds, descriptions) = (known.tasks, known.kinds, known.descriptions)
    try Self.check(manifest, known)
    heldOut = HoldOut(manifest.rows, fraction: Double(share), seed: options.seed)
    let builder = DatasetBuilder(
      manifest: manifest, vision: nil, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ) { progress($0, $1, "decoding") }
    let loaded = try builder.build(heldOut.rows, on: team)
    refused = manifest.refusals() + loaded.refused
    (train, validation, test) = (loaded.data.train, loaded.data.validation, loaded.data.test)
    guard !train.isEmpty else {
      throw BundleError(
        path: options.manifest,
        reason: "None of the train rows can be used."
          + (refused.first.map { " The first: \($0.reason)" } ?? ""),
        remedy: "Name recordings with the channels that the bundle knows.")
    }
    try takeLabels(manifest)
    widenNumbers()
  }

  /// Rows must tell which task their new labels belong to, where there are several.
  private static func check(_ manifest: Manifest, _ known: BundleDescription) throws {
    let asked = known.tasks.filter { !$0.labels.isEmpty }
    guard asked.count > 1 else { return }
    let labels = Set(asked.flatMap(\.labels)), names = Set(asked.map(\.name))
    let unclear = manifest.rows.first { row in
      !row.labels.isEmpty && !names.contains(row.task ?? "") && labels.isDisjoint(with: row.labels)
    }
    if let unclear {
      throw BundleError(
        path: manifest.path,
        reason: "Which task does “\(unclear.labels[0])” of \(unclear.id) belong to? The bundle has several.",
        remedy: "Name one in a column task: \(asked.map(\.name).joined(separator: ", ")).")
    }
  }

  /// Adds new labels to the tasks of their rows, and gives every row its shares of them.
  private mutating func takeLabels(_ manifest: Manifest) throws {
    let rows = Dictionary(manifest.rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for task in tasks.indices where !tasks[task].labels.isEmpty {
      let own = (train + validation + test).filter { $0.task == task }.compactMap { rows[$0.id] }
      if tasks[task].exclusive, let several = own.first(where: { Set($0.labels).count > 1 }) {
        throw BundleError(
          path: manifest.path,
          reason:
            "\(several.id) has \(several.labels.count) labels, and \(tasks[task].name) gives every row one.",
          remedy: "Give it one label, or train again with the rows of both manifests.")
      }
      let new = Set(own.flatMap(\.labels)).subtracting(tasks[task].labels).sorted()
      tasks[task].labels += new
      descriptions[task] += new.map { label in
        let texts = manifest.labels.texts(of: label, task: tasks[task].name)
        return texts.isEmpty ? [label.replacingOccurrences(of: "_", with: " ")] : texts
      }
    }
    let all = tasks
    func labelled(_ samples: [Sample]) -> [Sample] {
      samples.map { sample in
        var copy = sample
        let labels = Set(rows[sample.id]?.labels ?? [])
        let known = all[sample.task].labels
        copy.labels = labels.isDisjoint(with: known) ? nil : known.map { labels.contains($0) ? 1 : 0 }
        return copy
      }
    }
    (train, validation, test) = (labelled(train), labelled(validation), labelled(test))
  }

  /// Numbers may go as far as those of the new rows; how they are standardised stays.
  private mutating func widenNumbers() {
    for task in tasks.indices {
      guard var scale = tasks[task].target else { continue }
      for value in train.filter({ $0.task == task }).compactMap(\.target) {
        (scale.low, scale.high) = (min(scale.low, value), max(scale.high, value))
      }
      tasks[task].target = scale
    }
  }

  /// Takes out train rows with the very readings of an old row on which forgetting is measured, as a manifest of old and new
  /// rows together has them.
  /// - Returns: how many.
  mutating func leaveOut(_ held: [Sample]) -> Int {
    func readings(_ sample: Sample) -> [UInt32] {
      if case .series(let window) = sample.input { window.values.map(\.bitPattern) } else { [] }
    }
    let known = Set(held.map(readings)), count = train.count
    train.removeAll { known.contains(readings($0)) }
    return count - train.count
  }

  /// Old rows with shares of the new labels, which they do not have.
  func widened(_ samples: [Sample]) -> [Sample] {
    samples.map { sample in
      var copy = sample
      copy.labels = sample.labels.map {
        $0 + [Float](repeating: 0, count: tasks[sample.task].labels.count - $0.count)
      }
      return copy
    }
  }
}
