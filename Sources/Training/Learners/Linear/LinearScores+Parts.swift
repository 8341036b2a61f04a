extension LinearScores {
  /// Scores of a row as it is, then once with each of its parts taken from another row: the same bits as `scores` of
  /// such rows. Only the blocks of a sum in which a part lies are added up again.
  /// - Parameters:
  ///   - other: of the same length, what stands in a part's place.
  ///   - parts: how many equal stretches the columns are divided into.
  func scores(
    _ row: UnsafeBufferPointer<Float>, other: UnsafeBufferPointer<Float>, parts: Int
  ) -> [[Float]] {
    precondition(row.count == columns && other.count == columns && parts > 0 && columns % parts == 0)
    let width = columns / parts, blocks = BlockedDot.blocks(columns)
    var mixed = Array(row)
    return weights.withUnsafeBufferPointer { weights in
      let own = bias.indices.map { answer in
        UnsafeBufferPointer(rebasing: weights[answer * columns..<(answer + 1) * columns])
      }
      let sums = own.map { weights in (0..<blocks).map { BlockedDot.block($0, weights, row) } }
      var out = [bias.indices.map { finished(BlockedDot.total(sums[$0], own[$0], row), $0, row) }]
      for part in 0..<parts {
        let place = part * width..<(part + 1) * width
        for column in place { mixed[column] = other[column] }
        mixed.withUnsafeBufferPointer { mixed in
          out.append(
            bias.indices.map { answer in
              var changed = sums[answer]
              for block in BlockedDot.touched(place, columns) {
                changed[block] = BlockedDot.block(block, own[answer], mixed)
              }
              return finished(BlockedDot.total(changed, own[answer], mixed), answer, mixed)
            })
        }
        for column in place { mixed[column] = row[column] }
      }
      return out
    }
  }

  /// A sum with the offset; features that are no finite numbers count as 0.
  func finished(_ sum: Double, _ answer: Int, _ row: UnsafeBufferPointer<Float>) -> Float {
    if sum.isFinite { return Float(sum) + bias[answer] }
    var careful = 0.0
    for column in 0..<columns where row[column].isFinite {
      careful += Double(weights[answer * columns + column]) * Double(row[column])
    }
    return Float(careful) + bias[answer]
  }
}

/// The sum of products in eight partial sums a block, blocks added in double precision.
enum BlockedDot {
  /// Values of a block.
  private static let length = 512

  /// Whole vectors of eight lie in blocks; up to seven values are left.
  static func blocks(_ count: Int) -> Int { ((count & ~7) + length - 1) / length }

  /// Blocks in which some of the places lie.
  static func touched(_ places: Range<Int>, _ count: Int) -> Range<Int> {
    let last = min(places.upperBound, count & ~7)
    guard places.lowerBound < last else { return 0..<0 }
    return places.lowerBound / length..<(last - 1) / length + 1
  }

  static func block(_ index: Int, _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double
  {
    guard let a = UnsafeRawPointer(a.baseAddress), let c = UnsafeRawPointer(b.baseAddress) else { return 0 }
    var place = index * length
    let end = min(place + length, b.count & ~7)
    var sum = SIMD8<Float>(repeating: 0)
    while place < end {
      sum +=
        a.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
        * c.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
      place += 8
    }
    return Double(sum.sum())
  }

  /// The blocks and what is left behind them.
  static func total(
    _ blocks: [Double], _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>
  ) -> Double {
    var total = 0.0
    for block in blocks { total += block }
    for place in (b.count & ~7)..<b.count { total += Double(a[place]) * Double(b[place]) }
    return total
  }
}
