import Decoders
import Foundation

/// The sensors of one kind of recording, with what training showed of each.
public struct ChannelSet: Sendable, Codable, Hashable {
  /// What training showed of one sensor.
  public struct Statistics: Sendable, Codable, Hashable {
    /// Over the train windows.
    public var mean: Float
    /// Never zero.
    public var deviation: Float
    /// Smallest value seen.
    public var low: Float
    /// Largest value seen.
    public var high: Float

    /// All in the sensor's own unit.
    public init(mean: Float, deviation: Float, low: Float, high: Float) {
      (self.mean, self.deviation, self.low, self.high) = (mean, deviation, low, high)
    }
  }

  /// Names and units, in the order of the encoder's inputs.
  public var channels: [Channel]
  /// One for each channel.
  public var statistics: [Statistics]
  /// Mean and deviation of each feature in training, `[channel * feature]`; empty until they are measured.
  public var featureMeans: [Float] = []
  /// Deviation of each feature in training, never zero; empty until they are measured.
  public var featureDeviations: [Float] = []
  /// Convolutions whose responses the encoder reads, with thresholds from train windows; nil where it reads none.
  public var kernels: KernelResponses?
  /// Rows of a training window (the most frequent number).
  public var rows: Int
  /// Rows from the start of one training window to that of the next (the most frequent number).
  public var stride: Int
  /// Seconds from one row to the next in training (the median), plain numbers of a time column taken as seconds; nil
  /// without a time column and in files of older versions.
  public var interval: Double?

  /// From a thousand rows a second on: what such sensors measure is vibration, not a process.
  public var isVibration: Bool { interval.map { $0 > 0 && $0 <= 1e-3 } ?? false }

  /// - Precondition: as many statistics as channels.
  public init(channels: [Channel], statistics: [Statistics], rows: Int, stride: Int) {
    precondition(channels.count == statistics.count)
    (self.channels, self.statistics, self.rows, self.stride) = (channels, statistics, rows, stride)
  }

  /// For each channel of this set, its column in `others`, by name regardless of case; nil where it is missing.
  public func columns(in others: [Channel]) -> [Int?] {
    let places = Dictionary(
      others.enumerated().map { (ChannelSet.key($1.name), $0) }, uniquingKeysWith: { first, _ in first })
    return channels.map { places[ChannelSet.key($0.name)] }
  }

  /// Mean, deviation and range of each channel over `windows`; channels without any value get 0 and 1.
  public static func statistics(of windows: [SeriesWindow]) -> [Statistics] {
    guard let channels = windows.first?.channels else { return [] }
    return (0..<channels).map { channel in
      var count = 0.0, sum = 0.0, squares = 0.0
      var low = Float.infinity, high = -Float.infinity
      for window in windows {
        for place in Swift.stride(from: channel, to: window.values.count, by: channels) {
          let value = window.values[place]
          guard value.isFinite else { continue }
          count += 1
          // Welford's update keeps large offsets from eating the deviation.
          let delta = Double(value) - sum
          sum += delta / count
          squares += delta * (Double(value) - sum)
          (low, high) = (min(low, value), max(high, value))
        }
      }
      guard count > 0 else { return Statistics(mean: 0, deviation: 1, low: 0, high: 0) }
      let deviation = (squares / count).squareRoot()
      return Statistics(
        mean: Float(sum), deviation: deviation > 1e-12 * abs(sum) ? Float(max(deviation, 1e-12)) : 1,
        low: low,
        high: high)
    }
  }

  private static func key(_ name: String) -> String {
    name.lowercased().trimmingCharacters(in: .whitespaces)
  }
}
