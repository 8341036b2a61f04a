/// Labels passed on to windows without one that share most of their rows with labelled windows of the same recording.
///
/// What was said of the rows 1 to 60 holds for most of the rows 11 to 70 too: a recording changes slowly against the
/// step of its windows. Texts and targets are not passed on: they belong to one window.
public struct OverlapLabels: Sendable {
  /// All rows, in their order; some of the train part have labels now.
  public let rows: [ManifestRow]
  /// Ids of the rows that took a label, in the order of the rows.
  public let ids: [String]

  private struct Stretch: Hashable { var series: String, task: String?, group: String? }
  private struct Window { var start: Int, end: Int, labels: [String] }

  /// - Parameters:
  ///   - rows: of all splits; only train rows teach and take.
  ///   - share: of a window's rows that a labelled window must have too, above 0; with 0 nothing is passed on. Where
  ///     labelled windows that touch a window disagree, it takes nothing.
  public init(_ rows: [ManifestRow], share: Float) {
    func window(_ row: ManifestRow) -> Window? {
      guard row.split == .train, row.image == nil, row.clip == nil, let start = row.start, let end = row.end
      else { return nil }
      return Window(start: start, end: end, labels: row.labels)
    }
    func stretch(_ row: ManifestRow) -> Stretch {
      Stretch(series: row.series ?? "", task: row.task, group: row.group)
    }
    var known: [Stretch: [Window]] = [:]
    if share > 0 {
      for row in rows where !row.labels.isEmpty && row.series != nil {
        if let window = window(row) { known[stretch(row), default: []].append(window) }
      }
    }
    let teachers = known.mapValues { windows in
      (
        windows: windows.sorted { ($0.start, $0.end) < ($1.start, $1.end) },
        longest: windows.map { $0.end - $0.start }.max() ?? 0
      )
    }
    var taken: [String] = []
    self.rows = rows.map { row in
      guard !row.isLabelled, let own = window(row), let (windows, longest) = teachers[stretch(row)] else {
        return row
      }
      let from = windows.partitioningIndex { $0.start >= own.start - longest }
      let to = windows.partitioningIndex { $0.start > own.end }
      let near = windows[from..<max(from, to)].filter { $0.end >= own.start }
      func shared(_ other: Window) -> Float {
        Float(min(own.end, other.end) - max(own.start, other.start) + 1) / Float(own.end - own.start + 1)
      }
      guard let first = near.first, near.allSatisfy({ Set($0.labels) == Set(first.labels) }),
        near.contains(where: { shared($0) >= share })
      else { return row }
      taken.append(row.id)
      var copy = row
      copy.labels = first.labels
      return copy
    }
    ids = taken
  }
}
