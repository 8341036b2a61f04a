import Layers

/// One tree as it grew: nodes in preorder, places of children from its own start.
struct GrownTree: Sendable {
  var nodes: [ExtraTrees.Node] = []
  /// `[leaf, classes]`; a leaf's `next` is its row.
  var shares: [Float] = []
}

/// Grows one tree. Holds scratch memory by hand, since the loops over candidates take nearly all of the time.
struct TreeGrower {
  let data: TreeData.Pointers
  let minimumLeaf: Int
  /// Features tried at a split.
  let tried: Int
  var rng: SeededGenerator

  /// Rows of the tree; each node holds a stretch of it, in ascending order.
  let order: UnsafeMutablePointer<Int32>
  let spare: UnsafeMutablePointer<Int32>
  /// Of the node at hand, in the order of its rows.
  let values: UnsafeMutablePointer<Float>
  let labels: UnsafeMutablePointer<Int32>
  /// Weight of each class at the node at hand.
  let totals: UnsafeMutablePointer<Float>
  /// Places of the candidates among the varying columns.
  let candidates: UnsafeMutablePointer<Int32>
  var scratch: SplitScratch

  init(_ data: TreeData.Pointers, _ options: ExtraTrees.Options, _ rng: SeededGenerator) {
    (self.data, self.rng) = (data, rng)
    minimumLeaf = options.minimumLeaf
    let varying = data.varying.count
    let root = Int(Double(varying).squareRoot().rounded(.up))
    tried = min(varying, max(root, Int((Double(options.share) * Double(varying)).rounded())))
    order = .allocate(capacity: data.rows)
    spare = .allocate(capacity: data.rows)
    values = .allocate(capacity: data.rows)
    labels = .allocate(capacity: data.rows)
    totals = .allocate(capacity: max(1, data.classes))
    candidates = .allocate(capacity: max(1, tried))
    scratch = SplitScratch(rows: data.rows, tried: tried, classes: data.classes)
  }

  func free() {
    order.deallocate()
    spare.deallocate()
    values.deallocate()
    labels.deallocate()
    totals.deallocate()
    candidates.deallocate()
    scratch.free()
  }

  mutating func grow() -> GrownTree {
    var tree = GrownTree()
    for row in 0..<data.rows { order[row] = Int32(row) }
    // Stretches still to be split, with the parent whose right child they are.
    var waiting: [(start: Int, count: Int, parent: Int?)] = [(0, data.rows, nil)]
    while let (start, count, parent) = waiting.popLast() {
      let place = tree.nodes.count
      if let parent { tree.nodes[parent].next = Int32(place) }
      let total = open(start, count)
      if let split = split(start, count, total) {
        let left = part(start, count, split)
        tree.nodes.append(.init(feature: data.varying[split.candidate], threshold: split.cut, next: 0))
        waiting.append((start + left, count - left, place))
        waiting.append((start, left, nil))
      } else if data.classes == 0 {
        tree.nodes.append(.init(feature: -1, threshold: total / Float(count), next: 0))
      } else {
        tree.nodes.append(.init(feature: -1, threshold: 0, next: Int32(tree.shares.count / data.classes)))
        for label in 0..<data.classes { tree.shares.append(totals[label] / total) }
      }
    }
    return tree
  }

  /// Gathers the node's values and classes.
  /// - Returns: their sum.
  private func open(_ start: Int, _ count: Int) -> Float {
    var sum = 0.0
    for place in 0..<count {
      values[place] = data.values[Int(order[start + place])]
      sum += Double(values[place])
    }
    if data.classes > 0 {
      totals.update(repeating: 0, count: data.classes)
      for place in 0..<count {
        labels[place] = data.labels[Int(order[start + place])]
        totals[Int(labels[place])] += values[place]
      }
    }
    return Float(sum)
  }

  /// Whether all rows of the node have the same answer.
  private func isPure(_ count: Int) -> Bool {
    if data.classes > 0 { return (1..<count).allSatisfy { labels[$0] == labels[0] } }
    return (1..<count).allSatisfy { values[$0] == values[0] }
  }

  /// The best of the splits drawn; nil for a leaf.
  private mutating func split(_ start: Int, _ count: Int, _ total: Float) -> Split? {
    let varying = data.varying.count
    guard count >= 2 * minimumLeaf, count > 1, varying > 0, !isPure(count) else { return nil }
    let offset = below(varying)
    for place in 0..<tried {
      let (low, high) = (place * varying / tried, (place + 1) * varying / tried)
      let chosen = offset + low + (high - low == 1 ? 0 : below(high - low))
      candidates[place] = Int32(chosen < varying ? chosen : chosen - varying)
    }
    var found = best(start, count, total, tried)
    // All drawn are constant here: go through the others until one varies.
    var seen = 0
    while !found.varies, tried < varying, seen < varying {
      let next = min(tried, varying - seen)
      for place in 0..<next {
        candidates[place] = Int32((offset + seen + place) % varying)
      }
      found = best(start, count, total, next)
      seen += next
    }
    return found.split
  }

  private mutating func best(
    _ start: Int, _ count: Int, _ total: Float, _ tried: Int
  ) -> (split: Split?, varies: Bool) {
    let node = SplitScratch.Node(
      rows: order + start, count: count, values: values, labels: labels, totals: totals, total: total,
      minimumLeaf: minimumLeaf)
    return count > TreeData.tall
      ? scratch.bestByColumn(data, node, candidates, tried, &rng)
      : scratch.bestByRow(data, node, candidates, tried, &rng)
  }

  /// Moves the rows that go left to the front, each side in its order.
  /// - Returns: how many go left.
  private func part(_ start: Int, _ count: Int, _ split: Split) -> Int {
    let rows = order + start
    let column = Int(data.varying[split.candidate])
    var (left, right) = (0, 0)
    for place in 0..<count {
      let row = rows[place]
      if data.x[Int(row) * data.columns + column] <= split.cut {
        rows[left] = row
        left += 1
      } else {
        spare[right] = row
        right += 1
      }
    }
    (rows + left).update(from: spare, count: right)
    return left
  }

  private mutating func below(_ bound: Int) -> Int {
    Int(rng.next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
