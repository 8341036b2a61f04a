import Encoders

extension Quality {
  /// Measures of a window of readings.
  /// - Parameter set: what training showed of its channels.
  public init(_ window: SeriesWindow, set: ChannelSet) {
    self.init()
    var absent: Float = 0, still: Float = 0, beyond: Float = 0, present: Float = 0
    for channel in 0..<window.channels {
      let values = window.channel(channel)
      let there = values.filter(\.isFinite)
      absent += Float(values.count - there.count)
      present += Float(there.count)
      let known = set.statistics[channel]
      // A tenth of the range more than training saw is still ordinary.
      let margin = 0.1 * (known.high - known.low)
      beyond += Float(there.filter { $0 < known.low - margin || $0 > known.high + margin }.count)
      if let first = there.first, there.allSatisfy({ $0 == first }), known.high > known.low { still += 1 }
    }
    let total = Float(max(1, window.values.count))
    missing = absent / total
    outside = present > 0 ? beyond / present : 0
    frozen = still / Float(max(1, window.channels))
    contrast = 1
    entropy = 1
  }
}
