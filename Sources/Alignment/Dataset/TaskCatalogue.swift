import Encoders
import Training

/// Which tasks a manifest has, and which one each row belongs to.
struct TaskCatalogue: Sendable {
  var tasks: [LabelTask] = []
  var kinds: [Set<SampleInput.Kind>] = []
  var descriptions: [[[String]]] = []
  private var sets: [ChannelSet]
  private var isKnown: Bool

  init(
    _ rows: [ManifestRow], manifest: Manifest, library: SeriesLibrary,
    known: (tasks: [LabelTask], descriptions: [[[String]]], sets: [ChannelSet])?
  ) {
    (sets, isKnown) = (known?.sets ?? library.sets, known != nil)
    if let known {
      (tasks, descriptions) = (known.tasks, known.descriptions)
      kinds = tasks.map { _ in [] }
      return
    }
    var found: [String: (rows: [ManifestRow], kinds: Set<SampleInput.Kind>)] = [:]
    for row in rows {
      for kind in row.kinds {
        let name = TaskCatalogue.name(of: row, kind: kind, set: row.series.flatMap { library.recordings[$0]?.set })
        found[name, default: ([], [])].rows.append(row)
        found[name]?.kinds.insert(kind)
      }
    }
    for (name, part) in found.sorted(by: { $0.key < $1.key }) {
      let labels = Set(part.rows.flatMap(\.labels)).sorted()
      // Rows with two labels make every label a question of its own.
      let exclusive = !part.rows.contains { $0.labels.count > 1 }
      let hasTarget = part.rows.contains { $0.target != nil }
      tasks.append(
        LabelTask(
          name: name, labels: labels, exclusive: exclusive,
          target: hasTarget ? .init(mean: 0, deviation: 1, low: 0, high: 1) : nil))
      kinds.append(part.kinds)
      descriptions.append(
        labels.map { label in
          let texts = manifest.labels.texts(of: label, task: part.rows.first?.task)
          // A label without description speaks for itself.
          return texts.isEmpty ? [label.replacingOccurrences(of: "_", with: " ")] : texts
        })
    }
  }

  /// The task of a row: as the manifest says, else one for all scans and one for each kind of recording.
  private static func name(of row: ManifestRow, kind: SampleInput.Kind, set: Int?) -> String {
    if let task = row.task { return task }
    if kind == .series { return set.map { $0 == 0 ? "series" : "series-\($0 + 1)" } ?? "series" }
    return "scans"
  }

  func task(of row: ManifestRow, kind: SampleInput.Kind, _ library: SeriesLibrary) -> Int {
    if isKnown { return bestTask(of: row, kind: kind) }
    let name = TaskCatalogue.name(of: row, kind: kind, set: row.series.flatMap { library.recordings[$0]?.set })
    return tasks.firstIndex { $0.name == name } ?? 0
  }

  /// With a bundle's tasks: the one of the row's name, else the one that knows most of the manifest's labels.
  private func bestTask(of row: ManifestRow, kind: SampleInput.Kind) -> Int {
    if let named = row.task, let index = tasks.firstIndex(where: { $0.name == named }) { return index }
    let labels = Set(row.labels)
    return tasks.indices.max { a, b in
      score(a, labels, row) < score(b, labels, row)
    } ?? 0
  }

  private func score(_ task: Int, _ labels: Set<String>, _ row: ManifestRow) -> Int {
    let known = labels.intersection(tasks[task].labels).count
    return 4 * known + (row.target != nil && tasks[task].target != nil ? 2 : 0)
      - (labels.isEmpty && !tasks[task].labels.isEmpty ? 1 : 0)
  }

  /// One share a label of the task; nil for a row without any that the task knows.
  func labels(_ row: ManifestRow, task: Int) -> [Float]? {
    let known = tasks[task].labels
    guard row.labels.contains(where: { known.contains($0) }) else { return nil }
    return known.map { row.labels.contains($0) ? 1 : 0 }
  }

  /// The row's window in the columns of its channel set.
  func window(_ row: ManifestRow, _ library: SeriesLibrary) throws -> SeriesWindow? {
    guard isKnown else { return library.window(row) }
    return library.window(row, inOneOf: sets)
  }
}

extension ManifestRow {
  /// The kinds of inputs that the row has.
  var kinds: [SampleInput.Kind] {
    (image == nil ? [] : [.image]) + (clip == nil ? [] : [.clip]) + (series == nil ? [] : [.series])
  }
}
