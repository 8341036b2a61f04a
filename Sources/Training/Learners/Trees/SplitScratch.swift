import Layers

/// A question and how well it parts a node.
struct Split {
  /// Place among the varying columns.
  var candidate: Int
  var cut: Float
  var score: Float
}

/// Memory for trying candidates, and the loops that do. Loops run over candidates or rows side by side, without
/// branches, so that the compiler makes vector code of them.
struct SplitScratch {
  /// The node at hand.
  struct Node {
    let rows: UnsafeMutablePointer<Int32>
    let count: Int
    let values: UnsafeMutablePointer<Float>
    let labels: UnsafeMutablePointer<Int32>
    let totals: UnsafeMutablePointer<Float>
    let total: Float
    let minimumLeaf: Int
  }

  /// Floats of a tile: half of a usual second-level cache of 256 KiB.
  private static let tileSize = 32_768
  /// Less than this between the least and the largest value is no difference.
  private static let smallest: Float = 1e-7

  let classes: Int
  private let tile: UnsafeMutablePointer<Float>
  private let low, high, cut, count, gain: UnsafeMutablePointer<Float>
  /// Sum of targets, or weight of each class, that goes left: `[classes, candidates]`.
  private let left: UnsafeMutablePointer<Float>
  private let columns: UnsafeMutablePointer<Int>

  init(rows: Int, tried: Int, classes: Int) {
    self.classes = classes
    let width = max(1, tried)
    tile = .allocate(capacity: max(Self.tileSize, rows + 8))
    low = .allocate(capacity: width)
    high = .allocate(capacity: width)
    cut = .allocate(capacity: width)
    count = .allocate(capacity: width)
    gain = .allocate(capacity: width)
    left = .allocate(capacity: width * max(1, classes))
    columns = .allocate(capacity: width)
  }

  func free() {
    for memory in [tile, low, high, cut, count, gain, left] { memory.deallocate() }
    columns.deallocate()
  }

  // MARK: Few rows: all candidates of a tile at once

  func bestByRow(
    _ data: TreeData.Pointers, _ node: Node, _ candidates: UnsafeMutablePointer<Int32>, _ tried: Int,
    _ rng: inout SeededGenerator
  ) -> (split: Split?, varies: Bool) {
    var found: (split: Split?, varies: Bool) = (nil, false)
    let width = max(8, Self.tileSize / node.count)
    for start in stride(from: 0, to: tried, by: width) {
      let width = min(width, tried - start)
      gather(data, node, candidates + start, width)
      for j in 0..<width { cut[j] = draw(low[j], high[j], &rng) }
      count.update(repeating: 0, count: width)
      left.update(repeating: 0, count: width * max(1, classes))
      for row in 0..<node.count {
        let sums = classes == 0 ? left : left + Int(node.labels[row]) * width
        add(tile + row * width, node.values[row], sums, width)
      }
      score(node, width)
      for j in 0..<width where high[j] - low[j] > Self.smallest {
        found.varies = true
        let rows = Int(count[j])
        guard rows >= node.minimumLeaf, node.count - rows >= node.minimumLeaf else { continue }
        if gain[j] > found.split?.score ?? -.infinity {
          found.split = Split(candidate: Int(candidates[start + j]), cut: cut[j], score: gain[j])
        }
      }
    }
    return found
  }

  /// Fills the tile `[rows, width]` and the bounds of each candidate.
  private func gather(
    _ data: TreeData.Pointers, _ node: Node, _ candidates: UnsafeMutablePointer<Int32>, _ width: Int
  ) {
    guard let x = data.x.baseAddress else { return }
    for j in 0..<width { columns[j] = Int(data.varying[Int(candidates[j])]) }
    for row in 0..<node.count {
      let from = x + Int(node.rows[row]) * data.columns
      let to = tile + row * width
      for j in 0..<width { to[j] = from[columns[j]] }
      if row == 0 {
        low.update(from: to, count: width)
        high.update(from: to, count: width)
      } else {
        for j in 0..<width { low[j] = to[j] < low[j] ? to[j] : low[j] }
        for j in 0..<width { high[j] = to[j] > high[j] ? to[j] : high[j] }
      }
    }
  }

  /// Adds one row to the left side of each candidate that sends it there.
  @inline(__always)
  private func add(
    _ row: UnsafeMutablePointer<Float>, _ value: Float, _ sums: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    for j in 0..<width {
      let goes: Float = row[j] <= cut[j] ? 1 : 0
      count[j] += goes
      sums[j] += goes * value
    }
  }

  private func score(_ node: Node, _ width: Int) {
    let rows = Float(node.count)
    if classes == 0 {
      for j in 0..<width {
        let right = node.total - left[j]
        gain[j] = left[j] * left[j] / count[j] + right * right / (rows - count[j])
      }
      return
    }
    // Sums of weights go to the tile, which is done with.
    let sums = tile
    sums.update(repeating: 0, count: width)
    gain.update(repeating: 0, count: width)
    for label in 0..<classes where node.totals[label] > 0 {
      let (sent, whole) = (left + label * width, node.totals[label])
      for j in 0..<width {
        let rest = whole - sent[j]
        sums[j] += sent[j]
        gain[j] += timesLog(sent[j]) + timesLog(rest > 0 ? rest : 0)
      }
    }
    for j in 0..<width {
      let rest = node.total - sums[j]
      gain[j] -= timesLog(sums[j]) + timesLog(rest > 0 ? rest : 0)
    }
  }

  // MARK: Many rows: one candidate after another

  func bestByColumn(
    _ data: TreeData.Pointers, _ node: Node, _ candidates: UnsafeMutablePointer<Int32>, _ tried: Int,
    _ rng: inout SeededGenerator
  ) -> (split: Split?, varies: Bool) {
    var found: (split: Split?, varies: Bool) = (nil, false)
    guard let all = data.byColumn.baseAddress else { return found }
    for j in 0..<tried {
      let column = all + Int(candidates[j]) * data.rows
      for row in 0..<node.count { tile[row] = column[Int(node.rows[row])] }
      (low[0], high[0]) = bounds(node.count)
      guard high[0] - low[0] > Self.smallest else { continue }
      found.varies = true
      cut[0] = draw(low[0], high[0], &rng)
      if classes == 0 {
        (count[0], left[0]) = sendLeft(node)
      } else {
        left.update(repeating: 0, count: classes)
        var rows = 0
        for row in 0..<node.count {
          let goes = tile[row] <= cut[0]
          rows += goes ? 1 : 0
          left[Int(node.labels[row])] += goes ? node.values[row] : 0
        }
        count[0] = Float(rows)
      }
      let rows = Int(count[0])
      guard rows >= node.minimumLeaf, node.count - rows >= node.minimumLeaf else { continue }
      // The tile is written over from here on.
      score(node, 1)
      if gain[0] > found.split?.score ?? -.infinity {
        found.split = Split(candidate: Int(candidates[j]), cut: cut[0], score: gain[0])
      }
    }
    return found
  }

  private func bounds(_ rows: Int) -> (Float, Float) {
    var (least, most) = (SIMD8<Float>(repeating: tile[0]), SIMD8<Float>(repeating: tile[0]))
    let whole = rows & ~7
    for row in stride(from: 0, to: whole, by: 8) {
      let value = UnsafeRawPointer(tile + row).loadUnaligned(as: SIMD8<Float>.self)
      least.replace(with: value, where: value .< least)
      most.replace(with: value, where: value .> most)
    }
    var (a, b) = (least.min(), most.max())
    for row in whole..<rows { (a, b) = (min(a, tile[row]), max(b, tile[row])) }
    return (a, b)
  }

  /// Number and sum of the rows that go left.
  private func sendLeft(_ node: Node) -> (Float, Float) {
    var (rows, sum) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
    let bound = SIMD8<Float>(repeating: cut[0])
    let (none, one) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 1))
    let whole = node.count & ~7
    for row in stride(from: 0, to: whole, by: 8) {
      let goes = UnsafeRawPointer(tile + row).loadUnaligned(as: SIMD8<Float>.self) .<= bound
      let value = UnsafeRawPointer(node.values + row).loadUnaligned(as: SIMD8<Float>.self)
      rows += none.replacing(with: one, where: goes)
      sum += none.replacing(with: value, where: goes)
    }
    var (a, b) = (rows.sum(), sum.sum())
    for row in whole..<node.count where tile[row] <= cut[0] {
      a += 1
      b += node.values[row]
    }
    return (a, b)
  }

  // MARK: Both

  /// A threshold between the two, never the upper one: both sides get rows.
  @inline(__always)
  private func draw(_ low: Float, _ high: Float, _ rng: inout SeededGenerator) -> Float {
    let cut = low + (high - low) * rng.uniform()
    return cut < high ? cut : low
  }

  /// x ln x, 0 at 0, to seven digits: the series of the inverse hyperbolic tangent on the fraction, around 1.
  @inline(__always)
  private func timesLog(_ x: Float) -> Float {
    let shifted = x.bitPattern &+ (0x3F80_0000 - 0x3F35_04F3)
    let exponent = Float(Int32(truncatingIfNeeded: shifted >> 23) &- 127)
    let fraction = Float(bitPattern: (shifted & 0x7F_FFFF) &+ 0x3F35_04F3)
    let s = (fraction - 1) / (fraction + 1)
    let z = s * s
    return x * (exponent * 0.693_147_18 + 2 * s * (1 + z * (1 / 3 + z * (0.2 + z / 7))))
  }
}
