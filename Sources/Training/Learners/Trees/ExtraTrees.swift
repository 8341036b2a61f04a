import Layers

/// Extremely randomised trees for labels or numbers: every tree sees all rows, draws one threshold for each of a random
/// part of the features, and takes the best of them by entropy (labels) or variance (numbers).
///
/// Features are drawn spread over the columns, one from each of equal stretches that begin at a random place, so that
/// each is as likely as any other and a row is read in its order. A draw in which every feature is constant goes on
/// until one varies.
///
/// Source: Geurts, Ernst, Wehenkel, Extremely randomized trees, Machine Learning 63, 2006.
public struct ExtraTrees: Sendable {
  /// How trees grow.
  public struct Options: Sendable, Equatable {
    /// Number of trees.
    public var trees: Int
    /// Share of the features tried at a split; at least the square root of their number is.
    public var share: Float
    /// Rows that a leaf must hold at least.
    public var minimumLeaf: Int
    /// The same one gives the same trees, on any number of threads.
    public var seed: UInt64

    /// - Parameters:
    ///   - trees: number of trees.
    ///   - share: of the features tried at a split, at most 1; at least the square root of their number is.
    ///   - minimumLeaf: rows that a leaf must hold at least.
    ///   - seed: the same one gives the same trees.
    public init(trees: Int = 200, share: Float = 0.1, minimumLeaf: Int = 1, seed: UInt64 = 0) {
      (self.trees, self.share, self.minimumLeaf, self.seed) = (trees, share, minimumLeaf, seed)
    }

    func check() throws {
      guard trees > 0, minimumLeaf > 0, share.isFinite, share >= 0, share <= 1 else {
        throw TrainingError(
          place: "extremely randomised trees",
          reason: "\(trees) trees with a share of \(share) and leaves of \(minimumLeaf) rows cannot grow.",
          remedy: "Give at least one tree, leaves of at least one row and a share between 0 and 1.")
      }
    }
  }

  /// A question (feature at most threshold?) or a leaf. The left child follows its parent; `next` is the right one.
  struct Node: Sendable, Equatable {
    /// Column asked for; -1 at a leaf.
    var feature: Int32
    /// Largest value that goes left; at a leaf of numbers the value.
    var threshold: Float
    /// The right child's place; at a leaf of labels the place of its shares in `leaves`.
    var next: Int32
  }

  /// Features of a row.
  public let columns: Int
  /// Number of classes; 0 for numbers.
  public let classes: Int
  /// Number of trees.
  public var trees: Int { roots.count }
  /// Numbers that `outputs` gives.
  public var outputCount: Int { max(1, classes) }
  /// First node of each tree.
  let roots: [Int]
  let nodes: [Node]
  /// Shares of the classes at leaves, each distinct row once: `[distinct, classes]`.
  let leaves: [Float]

  /// Grows trees that tell classes apart.
  /// - Parameters:
  ///   - labels: class of each row, from 0.
  ///   - classes: number of classes; those without rows get probability 0.
  ///   - weights: of each row; nil for equal ones. Rows with weight 0 are left out.
  ///   - team: threads, each growing the next tree.
  /// - Throws: `TrainingError` for no rows or columns, labels out of range, weights that are negative or all 0.
  public static func classify(
    _ x: FeatureMatrix, labels: [Int], classes: Int, weights: [Float]? = nil, options: Options = Options(),
    on team: ReplicaTeam
  ) throws -> ExtraTrees {
    let place = "extremely randomised trees"
    try options.check()
    try x.check(place, labels: labels, classes: classes)
    var rows = Array(0..<x.rows)
    if let weights {
      guard weights.count == x.rows, weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        throw TrainingError(
          place: place, reason: "There are \(x.rows) rows and \(weights.count) weights, or one is negative.",
          remedy: "Give one finite weight a row, 0 or more.")
      }
      rows = rows.filter { weights[$0] > 0 }
      guard !rows.isEmpty else {
        throw TrainingError(
          place: place, reason: "All weights are 0.", remedy: "Give some row a weight above 0.")
      }
    }
    // Weights of mean 1, so that sums stay in the range of single precision.
    let own = rows.map { weights?[$0] ?? 1 }
    let mean = Float(own.reduce(0.0) { $0 + Double($1) } / Double(rows.count))
    let data = TreeData(
      rows.count == x.rows ? x : x.selecting(rows),
      values: own.map { $0 / mean },
      labels: rows.map { Int32(labels[$0]) }, classes: classes)
    return assemble(try grow(data, options, team), columns: x.columns, classes: classes) { $0 }
  }

  /// Grows trees that tell a number.
  /// - Parameter targets: of each row.
  /// - Throws: `TrainingError` for no rows or columns, or a target that is no finite number.
  public static func regress(
    _ x: FeatureMatrix, targets: [Float], options: Options = Options(), on team: ReplicaTeam
  ) throws -> ExtraTrees {
    try options.check()
    try x.check("extremely randomised trees", targets: targets)
    // Centred targets of deviation 1: their sums keep their digits.
    let mean = targets.reduce(0.0) { $0 + Double($1) } / Double(x.rows)
    let spread = targets.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.rows)
    let deviation = spread > 0 ? spread.squareRoot() : 1
    let data = TreeData(
      x, values: targets.map { Float((Double($0) - mean) / deviation) }, labels: [], classes: 0)
    return assemble(try grow(data, options, team), columns: x.columns, classes: 0) {
      Float(Double($0) * deviation + mean)
    }
  }

  private static func grow(_ data: TreeData, _ options: Options, _ team: ReplicaTeam) throws -> [GrownTree] {
    let seed = SeededGenerator(seed: options.seed)
    return try team.map(options.trees) { tree in
      data.withPointers { pointers in
        var grower = TreeGrower(pointers, options, seed.split(tree))
        defer { grower.free() }
        return grower.grow()
      }
    }
  }

  /// Joins trees, with shares of leaves that are the same kept once.
  private static func assemble(
    _ grown: [GrownTree], columns: Int, classes: Int, value: (Float) -> Float
  ) -> ExtraTrees {
    var (roots, nodes, leaves): ([Int], [Node], [Float]) = ([], [], [])
    var known: [[Float]: Int32] = [:]
    for tree in grown {
      let start = nodes.count
      roots.append(start)
      for var node in tree.nodes {
        if node.feature >= 0 {
          node.next += Int32(start)
        } else if classes == 0 {
          node.threshold = value(node.threshold)
        } else {
          let place = Int(node.next) * classes
          let shares = Array(tree.shares[place..<place + classes])
          if let row = known[shares] {
            node.next = row
          } else {
            node.next = Int32(leaves.count)
            known[shares] = node.next
            leaves += shares
          }
        }
        nodes.append(node)
      }
    }
    return ExtraTrees(columns: columns, classes: classes, roots: roots, nodes: nodes, leaves: leaves)
  }

  init(columns: Int, classes: Int, roots: [Int], nodes: [Node], leaves: [Float]) {
    (self.columns, self.classes, self.roots, self.nodes, self.leaves) = (
      columns, classes, roots, nodes, leaves
    )
  }

  /// What the trees say of one row: probabilities of the classes (the mean of the leaves' shares), or one value.
  /// - Parameter row: as many features as `columns`.
  public func outputs(_ row: UnsafeBufferPointer<Float>) -> [Float] {
    precondition(row.count == columns, "\(row.count) features for trees over \(columns)")
    var sums = [Float](repeating: 0, count: outputCount)
    // Every place that a node names was checked when the trees were grown or read: see `init(tensors:)`.
    nodes.withUnsafeBufferPointer { nodes in
      for root in roots {
        var place = root
        while nodes[place].feature >= 0 {
          let node = nodes[place]
          let value = row[Int(node.feature)]
          place = (value.isFinite ? value : 0) <= node.threshold ? place + 1 : Int(node.next)
        }
        if classes == 0 {
          sums[0] += nodes[place].threshold
        } else {
          let shares = Int(nodes[place].next)
          for label in 0..<classes { sums[label] += leaves[shares + label] }
        }
      }
    }
    return sums.map { $0 / Float(roots.count) }
  }

  /// As `outputs(_:)`, for a row in an array.
  public func outputs(_ row: ArraySlice<Float>) -> [Float] { row.withUnsafeBufferPointer(outputs) }
}
