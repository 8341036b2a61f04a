/// A uniform sample of the rows of a stream of unknown length (algorithm R; Vitter, "Random sampling with a
/// reservoir", ACM TOMS 11, 1985). The same rows for the same stream.
struct RowReservoir {
  let width: Int
  let capacity: Int
  /// `[sample, channel]`.
  private(set) var rows: [Float] = []
  private var seen = 0
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(width: Int, capacity: Int) { (self.width, self.capacity) = (width, capacity) }

  var count: Int { width == 0 ? 0 : rows.count / width }

  mutating func add(_ row: some RandomAccessCollection<Float>) {
    seen += 1
    if count < capacity {
      rows.append(contentsOf: row)
      return
    }
    // xorshift64* (Vigna 2016) is random enough to choose rows.
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    let random = state &* 0x2545_F491_4F6C_DD1D
    let place = Int(random.multipliedFullWidth(by: UInt64(seen)).high)
    guard place < capacity else { return }
    for (index, value) in row.enumerated() { rows[place * width + index] = value }
  }

  /// The values of one channel that are not missing, in the order of the sample.
  func column(_ channel: Int) -> [Float] {
    stride(from: channel, to: rows.count, by: max(1, width)).compactMap { rows[$0].isNaN ? nil : rows[$0] }
  }
}

extension Array where Element: BinaryFloatingPoint {
  /// The quantile of a sorted array, between neighbours in a straight line; nil where it is empty.
  func quantile(_ share: Double) -> Double? {
    guard !isEmpty else { return nil }
    let place = share * Double(count - 1), low = Int(place)
    let high = Swift.min(low + 1, count - 1)
    return Double(self[low]) + (place - Double(low)) * (Double(self[high]) - Double(self[low]))
  }

  /// The median distance from the median, times 1.4826: the standard deviation where values are normal, and hardly
  /// moved by outliers (Hampel, "The influence curve and its role in robust estimation", JASA 69, 1974).
  func robustDeviation() -> Double {
    guard let median = sorted().quantile(0.5) else { return 0 }
    return 1.4826 * (map { Swift.abs(Double($0) - median) }.sorted().quantile(0.5) ?? 0)
  }
}
