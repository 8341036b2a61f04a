import Tensors

extension ExtraTrees {
  /// Above this a whole number loses its last digit in single precision.
  private static let largest = 1 << 24

  /// The trees as flat tensors: `sizes` (columns, classes), `counts` (nodes of each tree), and one value a node in
  /// preorder: `feature` (-1 at a leaf) and `threshold` (at a leaf the value, or the row in `leaves`). Children follow
  /// from the order. `leaves` holds shares of classes, `[distinct, classes]`; trees for numbers have none.
  public func tensors() -> [String: Tensor] {
    let ends = roots.dropFirst() + [nodes.count]
    var result = [
      "sizes": Tensor([Float(columns), Float(classes)], shape: [2]),
      "counts": Tensor(zip(roots, ends).map { Float($1 - $0) }, shape: [roots.count]),
      "feature": Tensor(nodes.map { Float($0.feature) }, shape: [nodes.count]),
      "threshold": Tensor(
        nodes.map { $0.feature < 0 && classes > 0 ? Float(Int($0.next) / classes) : $0.threshold },
        shape: [nodes.count]),
    ]
    if classes > 0 { result["leaves"] = Tensor(leaves, shape: [leaves.count / classes, classes]) }
    return result
  }

  /// Reads what `tensors()` gave. Every place that prediction goes to is checked here.
  /// - Throws: `TrainingError` for a tensor that is missing, of another shape, or names what is not there.
  public init(tensors: [String: Tensor]) throws {
    let stored = Stored(learner: "trees", tensors: tensors)
    let sizes = try stored.integers("sizes", count: 2, in: 0...Self.largest)
    let (columns, classes) = (sizes[0], sizes[1])
    guard columns > 0 else { throw stored.refusal("sizes", "The trees have no columns.") }
    let counts = try stored.integers("counts", count: nil, in: 1...Self.largest)
    guard !counts.isEmpty else { throw stored.refusal("counts", "There are no trees.") }
    let features = try stored.integers("feature", count: nil, in: -1...columns - 1)
    guard counts.reduce(0, +) == features.count, features.count <= Int32.max else {
      throw stored.refusal("counts", "The trees' nodes are not \(features.count).")
    }
    let thresholds = try stored.floats("threshold", [features.count])
    let leaves = classes == 0 ? [] : try stored.floats("leaves", [nil, classes])
    guard leaves.count <= Int32.max else { throw stored.refusal("leaves", "There are too many.") }

    var nodes: [Node] = []
    nodes.reserveCapacity(features.count)
    var roots: [Int] = []
    for (tree, count) in counts.enumerated() {
      let start = nodes.count
      roots.append(start)
      // Questions whose right child is still to come; a leaf ends the left part of the last one.
      var open: [Int] = []
      for place in start..<start + count {
        var node = Node(feature: Int32(features[place]), threshold: thresholds[place], next: 0)
        if node.feature >= 0 {
          open.append(place)
        } else {
          if classes > 0 {
            guard let row = Int(exactly: node.threshold), row >= 0, row < leaves.count / classes else {
              throw stored.refusal("threshold", "A leaf names row \(node.threshold) of the shares.")
            }
            (node.next, node.threshold) = (Int32(row * classes), 0)
          }
          let parent = open.popLast()
          guard (parent == nil) == (place == start + count - 1) else {
            throw stored.refusal("feature", "The nodes of tree \(tree) do not make one tree.")
          }
          if let parent { nodes[parent].next = Int32(place + 1) }
        }
        nodes.append(node)
      }
      guard nodes[nodes.count - 1].feature < 0 else {
        throw stored.refusal("feature", "The nodes of tree \(tree) do not make one tree.")
      }
    }
    self.init(columns: columns, classes: classes, roots: roots, nodes: nodes, leaves: leaves)
  }
}
