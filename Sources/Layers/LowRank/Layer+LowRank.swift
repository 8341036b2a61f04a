import Tensors

extension Layer {
  /// The linear maps of attention and feed-forward parts in walk order, by their dotted names: those that may carry a
  /// low-rank pair, and those that do (as the map alone).
  public var linearMaps: [(name: String, map: Linear)] {
    var found: [(name: String, map: Linear)] = []
    eachMap { name, projection in
      if let map = (projection as? LowRankLinear)?.base ?? projection as? Linear { found.append((name, map)) }
    }
    return found
  }

  /// The low-rank pairs in walk order, by the dotted names of the maps that carry them.
  public var lowRankPairs: [(name: String, pair: LowRankPair)] {
    var found: [(name: String, pair: LowRankPair)] = []
    eachMap { name, projection in
      if let low = projection as? LowRankLinear { found.append((name, low.pair)) }
    }
    return found
  }

  /// A copy in which plain linear maps carry low-rank pairs.
  /// - Parameters:
  ///   - pairs: by the dotted names of the maps; names of other maps are passed over.
  ///   - dropout: share of a pair's input that is dropped, in training.
  public func attaching(_ pairs: [String: LowRankPair], dropout: Float = 0) -> Self {
    var copy = self
    var number = 0
    copy.changeMaps { name, projection in
      guard let map = projection as? Linear, let pair = pairs[name] else { return }
      projection = LowRankLinear(map, pair: pair, dropout: dropout, number: number)
      number += 1
    }
    return copy
  }

  /// A copy in which each low-rank pair is merged into the map that carries it.
  public func mergingPairs() -> Self {
    var copy = self
    copy.changeMaps { _, projection in
      if let low = projection as? LowRankLinear { projection = low.merged }
    }
    return copy
  }

  private func eachMap(_ body: @escaping (String, any Projection) -> Void) {
    var copy = self
    copy.changeMaps { body($0, $1) }
  }

  private mutating func changeMaps(_ body: @escaping (String, inout any Projection) -> Void) {
    var visitor = MapVisitor(body: body)
    // Such a visit throws nothing.
    try? walk("", &visitor)
  }
}

/// Shows maps to a closure and leaves all other parameters alone.
private struct MapVisitor: ParameterVisitor {
  let body: (String, inout any Projection) -> Void
  mutating func visit(_ name: String, _ tensor: inout Tensor) {}
  mutating func visit(_ name: String, _ projection: inout any Projection) { body(name, &projection) }
}
