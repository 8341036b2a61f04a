import Alignment

extension ModelBundle {
  /// The tasks that answer for windows of a channel set, in the bundle's order.
  ///
  /// Bundles of one channel set answer with every task of series. Of several sets, those that do not tell whose a
  /// task is name their tasks `series`, `series-2` and so on.
  public func tasks(ofChannelSet set: Int) -> [Int] {
    let all = description.tasks.indices.filter { description.kinds[$0].contains(.series) }
    if let known = description.taskSets {
      return all.filter { known.indices.contains($0) && known[$0].contains(set) }
    }
    if (description.series?.sets.count ?? 0) < 2 { return all }
    let name = set == 0 ? "series" : "series-\(set + 1)"
    let own = all.filter { description.tasks[$0].name == name }
    return own.isEmpty ? all : own
  }
}
