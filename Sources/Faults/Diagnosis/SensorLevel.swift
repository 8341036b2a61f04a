/// What a sensor read over some rows.
public struct SensorLevel: Sendable, Equatable {
  /// The least and the greatest reading and their mean; NaN where there is none.
  public var low: Float, mean: Float, high: Float

  /// No reading.
  public static let none = SensorLevel(low: .nan, mean: .nan, high: .nan)

  /// - Parameter mean: between the least and the greatest reading.
  public init(low: Float, mean: Float, high: Float) { (self.low, self.mean, self.high) = (low, mean, high) }

  /// Of one channel of a window `[row, channel]`; values that are missing are left out.
  public init(of values: [Float], channel: Int, channels: Int) {
    var (low, high, sum, count) = (Float.infinity, -Float.infinity, 0.0, 0)
    for place in stride(from: channel, to: values.count, by: channels) where values[place].isFinite {
      (low, high) = (min(low, values[place]), max(high, values[place]))
      sum += Double(values[place])
      count += 1
    }
    self = count == 0 ? .none : SensorLevel(low: low, mean: Float(sum / Double(count)), high: high)
  }

  /// Of two stretches of rows, each counting as many windows as it stands for.
  func joined(_ other: SensorLevel, windows: Int, others: Int) -> SensorLevel {
    if mean.isNaN { return other }
    if other.mean.isNaN { return self }
    let (a, b) = (Float(windows), Float(others))
    return SensorLevel(
      low: min(low, other.low), mean: mean * (a / (a + b)) + other.mean * (b / (a + b)),
      high: max(high, other.high))
  }
}
