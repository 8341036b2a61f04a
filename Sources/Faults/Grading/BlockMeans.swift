/// Means of equal blocks of a stream of unknown length: at most 64, of twice the size whenever they are full.
struct BlockMeans {
  private static let most = 64
  private var size = 1
  private var sums: [Double] = [], counts: [Int] = []
  /// Rows in the last block.
  private var filled = 0

  mutating func add(_ value: Float) {
    if sums.isEmpty || filled == size {
      if sums.count == Self.most {
        sums = stride(from: 0, to: Self.most, by: 2).map { sums[$0] + sums[$0 + 1] }
        counts = stride(from: 0, to: Self.most, by: 2).map { counts[$0] + counts[$0 + 1] }
        size *= 2
        filled = size
      }
      sums.append(0)
      counts.append(0)
      filled = 0
    }
    filled += 1
    guard !value.isNaN else { return }
    sums[sums.count - 1] += Double(value)
    counts[counts.count - 1] += 1
  }

  /// The change from the first block to the last along the median of all slopes (Sen, "Estimates of the regression
  /// coefficient based on Kendall's tau", JASA 63, 1968), and Kendall's tau against time (Mann 1945), which says how
  /// steadily it goes one way: -1 to 1. Nil below eight blocks.
  func trend() -> (change: Double, tau: Double)? {
    var means: [(place: Double, value: Double)] = []
    for index in sums.indices where counts[index] > 0 {
      means.append((Double(index), sums[index] / Double(counts[index])))
    }
    guard means.count >= 8 else { return nil }
    var slopes: [Double] = [], agreement = 0
    for j in means.indices {
      for i in 0..<j {
        let rise = means[j].value - means[i].value
        slopes.append(rise / (means[j].place - means[i].place))
        agreement += rise > 0 ? 1 : rise < 0 ? -1 : 0
      }
    }
    let slope = slopes.sorted().quantile(0.5) ?? 0
    return (slope * (means[means.count - 1].place - means[0].place), Double(agreement) / Double(slopes.count))
  }
}
