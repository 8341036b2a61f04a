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
    known: DatasetBuilder.Known?
  ) {
    (sets, isKnown) = (known?.sets ?? library.sets, known != nil)
    if let known {
      (tasks, kinds, descriptions) = (known.tasks, known.kinds, known.descriptions)
      return
    }
    var found: [String: (rows: [ManifestRow], kinds: Set<SampleInput.Kind>)] = [:]
    for row in rows {
      for kind in row.kinds {
        let name = TaskCatalogue.name(
          of: row, kind: kind, set: row.series.flatMap { library.recordings[$0]?.set })
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

  /// The task of an input of a row; nil where none takes such inputs.
  func task(of row: ManifestRow, input: SampleInput) -> Int? {
    var set: Int?
    if case .series(let window) = input { set = window.set }
    if isKnown { return bestTask(of: row, kind: input.kind, set: set) }
    let name = TaskCatalogue.name(of: row, kind: input.kind, set: set)
    return tasks.firstIndex { $0.name == name }
  }

  /// With a bundle's tasks: of those for recordings or for scans, as the input is, the one of the row's name,
  /// else the one that knows most of its labels, else the one that learned from inputs of its kind. Nil where
  /// the bundle has no task for such inputs.
  private func bestTask(of row: ManifestRow, kind: SampleInput.Kind, set: Int?) -> Int? {
    let possible = tasks.indices.filter { kinds[$0].contains(.series) == (kind == .series) }
    let name = TaskCatalogue.name(of: row, kind: kind, set: set)
    let labels = Set(row.labels)
    func score(_ task: Int) -> (Int, Int, Int) {
      let answers =
        labels.intersection(tasks[task].labels).count
        + (row.target != nil && tasks[task].target != nil ? 1 : 0)
      return (
        tasks[task].name == row.task ? 1 : 0, answers,
        tasks[task].name == name ? 2 : kinds[task].contains(kind) ? 1 : 0
      )
    }
    return possible.max { score($0) < score($1) }
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
  public var kinds: [SampleInput.Kind] {
    (image == nil ? [] : [moreViews.isEmpty ? .image : .views]) + (clip == nil ? [] : [.clip])
      + (series == nil ? [] : [.series])
  }
}
