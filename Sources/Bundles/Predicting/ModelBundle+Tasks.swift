import Alignment

extension ModelBundle {
  /// The tasks that answer for windows of a channel set, in the bundle's order.
  ///
  /// Bundles of one channel set answer with every task of series. Of several sets, those that do not tell whose a
  /// task is name their tasks `series`, `series-2` and so on; where none is called so, any of them may be meant.
  /// - Returns: the tasks, and whether it is certain that they belong to the set.
  public func tasks(ofChannelSet set: Int) -> (tasks: [Int], isCertain: Bool) {
    let all = description.tasks.indices.filter { description.kinds[$0].contains(.series) }
    if let known = description.taskSets {
      return (all.filter { known.indices.contains($0) && known[$0].contains(set) }, true)
    }
    if (description.series?.sets.count ?? 0) < 2 { return (all, true) }
    let name = set == 0 ? "series" : "series-\(set + 1)"
    let own = all.filter { description.tasks[$0].name == name }
    return own.isEmpty ? (all, all.count < 2) : (own, true)
  }
}
