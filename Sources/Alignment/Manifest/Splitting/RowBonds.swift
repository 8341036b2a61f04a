/// Rows that must stay together wherever a set is divided: rows of one group, of one file, of overlapping windows.
struct RowBonds {
  /// What binds the rows of one recording.
  enum Recordings { case whole, overlaps }

  private var parent: [Int]

  init(_ rows: [ManifestRow], recordings: Recordings) {
    parent = Array(rows.indices)
    var first: [String: Int] = [:]
    for (index, row) in rows.enumerated() {
      var keys =
        [
          row.group.map { "group \($0)" }, row.clip.map { "clip \($0)" },
        ] + row.images.map { "image \($0)" }
      // Recordings of a group are bound by it already; others stand for a machine each.
      if recordings == .whole, row.group == nil { keys.append(row.series.map { "series \($0)" }) }
      for key in keys.compactMap({ $0 }) {
        if let other = first[key] { join(other, index) } else { first[key] = index }
      }
    }
    let windows = Dictionary(grouping: rows.indices.filter { rows[$0].series != nil }) {
      rows[$0].series ?? ""
    }
    for (_, members) in windows {
      let ordered = members.sorted {
        (rows[$0].start ?? 1, rows[$0].end ?? .max, $0) < (rows[$1].start ?? 1, rows[$1].end ?? .max, $1)
      }
      var reach = Int.min, last: Int?
      for index in ordered {
        if let last, rows[index].start ?? 1 <= reach { join(last, index) }
        if rows[index].end ?? .max > reach { (reach, last) = (rows[index].end ?? .max, index) }
      }
    }
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (root(a), root(b))
    parent[max(x, y)] = min(x, y)
  }

  private mutating func root(_ index: Int) -> Int {
    var place = index
    while parent[place] != place {
      parent[place] = parent[parent[place]]
      place = parent[place]
    }
    return place
  }

  /// For each row the first one that it is bound to, itself where it is that one.
  mutating func firsts() -> [Int] { parent.indices.map { root($0) } }
}
