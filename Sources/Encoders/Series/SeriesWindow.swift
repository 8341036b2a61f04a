/// Some rows of a recording, as the series encoder takes them.
public struct SeriesWindow: Sendable, Hashable {
  /// `[row, channel]`, row-major; NaN where a value is missing.
  public var values: [Float]
  /// Values of a row.
  public var channels: Int
  /// Which of the configuration's channel sets the columns follow.
  public var set: Int
  /// `SeriesFeatures` of the values, where they were computed before.
  public var features: [Float]?
  /// `SeriesExpansion` of the values, where it was computed before.
  public var expanded: [Float]?

  /// Number of rows.
  public var count: Int { channels == 0 ? 0 : values.count / channels }

  /// - Parameters:
  ///   - values: row after row, `[rows, channels]`; NaN where missing.
  ///   - set: index of the channel set.
  public init(values: [Float], channels: Int, set: Int) {
    precondition(channels > 0 && values.count % channels == 0)
    (self.values, self.channels, self.set) = (values, channels, set)
  }

  /// The values of one channel.
  public func channel(_ index: Int) -> [Float] {
    stride(from: index, to: values.count, by: channels).map { values[$0] }
  }
}
