/// Pixels in 0...1 to numbers of about zero mean and unit deviation, channel by channel.
public struct PixelStandardisation: Sendable, Codable, Hashable {
  /// One entry a channel, on the scale 0...1.
  public var mean: [Float]
  /// What each channel is divided by after that.
  public var deviation: [Float]

  /// One value for each channel, on the scale of pixels from 0 to 1.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count && !mean.isEmpty)
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// What Braid trains with: right for ordinary scans; exposure is left in, for it is augmented over.
  public static func ordinary(channels: Int) -> PixelStandardisation {
    PixelStandardisation(
      mean: [Float](repeating: 0.5, count: channels), deviation: [Float](repeating: 0.25, count: channels))
  }

  /// - Parameter values: channels last, as many channels as `mean` has.
  public func apply(to values: [Float]) -> [Float] {
    var out = values
    for channel in mean.indices {
      for index in stride(from: channel, to: out.count, by: mean.count) {
        out[index] = (out[index] - mean[channel]) / deviation[channel]
      }
    }
    return out
  }
}
