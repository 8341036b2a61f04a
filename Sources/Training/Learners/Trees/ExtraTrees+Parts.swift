extension ExtraTrees {
  /// What the trees say of a row as it is, then once with each of its parts taken from another row: the same bits as
  /// `outputs` of such rows. A tree is asked again only for parts that its way through the row asks about.
  /// - Parameters:
  ///   - other: of the same length, what stands in a part's place.
  ///   - parts: how many equal stretches the columns are divided into.
  public func outputs(
    _ row: UnsafeBufferPointer<Float>, other: UnsafeBufferPointer<Float>, parts: Int
  ) -> [[Float]] {
    precondition(row.count == columns && other.count == columns && parts > 0 && columns % parts == 0)
    let width = columns / parts, answers = outputCount
    var sums = [Float](repeating: 0, count: (parts + 1) * answers)
    /// The leaf of each version of the row in the tree at hand.
    var ends = [Int](repeating: 0, count: parts + 1)
    var met: [Int] = []
    nodes.withUnsafeBufferPointer { nodes in
      leaves.withUnsafeBufferPointer { leaves in
        func descend(_ root: Int, without part: Int) -> Int {
          var place = root
          while nodes[place].feature >= 0 {
            let node = nodes[place], feature = Int(node.feature)
            let isOther = feature / width == part
            if part < 0, !met.contains(feature / width) { met.append(feature / width) }
            let value = isOther ? other[feature] : row[feature]
            place = (value.isFinite ? value : 0) <= node.threshold ? place + 1 : Int(node.next)
          }
          return place
        }
        for root in roots {
          met.removeAll(keepingCapacity: true)
          let whole = descend(root, without: -1)
          for version in 0...parts { ends[version] = whole }
          for part in met { ends[part + 1] = descend(root, without: part) }
          for version in 0...parts {
            let node = nodes[ends[version]]
            if classes == 0 {
              sums[version] += node.threshold
            } else {
              let (shares, first) = (Int(node.next), version * answers)
              for label in 0..<classes { sums[first + label] += leaves[shares + label] }
            }
          }
        }
      }
    }
    return (0...parts).map { version in
      sums[version * answers..<(version + 1) * answers].map { $0 / Float(roots.count) }
    }
  }
}
