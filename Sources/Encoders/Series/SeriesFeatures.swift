import Foundation
import Layers

/// What the encoder sees of each channel of a window: twenty statistics, the course brought to a fixed number
/// of points, bands of the spectrum and, where it reads them, responses of convolutions. Missing values take no part; a channel without any is all zeros.
public enum SeriesFeatures {
  /// Number of statistics.
  public static let statistics = 20

  /// Values a channel: statistics, points, bands, responses, and 1 where the channel has values at all.
  public static func count(_ configuration: SeriesConfiguration) -> Int {
    responses(configuration).upperBound + 1
  }

  /// Where the bands of the spectrum stand among the values of a channel.
  public static func bands(_ configuration: SeriesConfiguration) -> Range<Int> {
    let start = statistics + configuration.points
    return start..<start + configuration.bands
  }

  /// Where the responses of convolutions stand among the values of a channel; empty where none are read.
  public static func responses(_ configuration: SeriesConfiguration) -> Range<Int> {
    let start = bands(configuration).upperBound
    return start..<start + configuration.responseCount
  }

  /// - Returns: `[channel, feature]`, row-major; standardised if the set's feature statistics are measured.
  public static func compute(
    _ window: SeriesWindow, set: ChannelSet, configuration: SeriesConfiguration
  ) -> [Float] {
    var out = raw(window, set: set, configuration: configuration)
    standardise(&out, set: set, configuration: configuration)
    return out
  }

  /// Features as they are, before they are standardised: `[channel, feature]`.
  public static func raw(
    _ window: SeriesWindow, set: ChannelSet, configuration: SeriesConfiguration
  ) -> [Float] {
    let width = count(configuration)
    var out = [Float](repeating: 0, count: window.channels * width)
    for channel in 0..<window.channels {
      let known = set.statistics[channel]
      let values = window.channel(channel).map { ($0 - known.mean) / known.deviation }
      let present = values.enumerated().filter { $0.element.isFinite }
      guard !present.isEmpty else { continue }
      let base = channel * width
      let found = Summary(values: present.map(\.element), places: present.map { Float($0.offset) }).features
      out.replaceSubrange(base..<base + statistics, with: found)
      let course = resample(present, rows: values.count, points: configuration.points)
      out.replaceSubrange(base + statistics..<base + statistics + configuration.points, with: course)
      if configuration.bands > 0 {
        let bands = Spectrum.bands(present.map(\.element), count: configuration.bands)
        let range = self.bands(configuration)
        out.replaceSubrange(base + range.lowerBound..<base + range.upperBound, with: bands)
      }
      let responses = responses(configuration)
      if !responses.isEmpty, let kernels = set.kernels,
        let course = SeriesExpansion.course(window, channel, set: set, rows: kernelRows(set))
      {
        out.replaceSubrange(
          base + responses.lowerBound..<base + responses.upperBound,
          with: kernels.compute(course, channel: channel))
      }
      out[base + width - 1] = 1
    }
    return out
  }

  /// Brings features to zero mean and unit deviation over training, kept within ±5, so that one wild sensor
  /// does not drown the rest.
  /// Nothing is done to a channel without values, nor where the set's statistics are not measured.
  public static func standardise(
    _ values: inout [Float], set: ChannelSet, configuration: SeriesConfiguration
  ) {
    guard !set.featureMeans.isEmpty else { return }
    let width = count(configuration)
    for base in stride(from: 0, to: values.count, by: width) where values[base + width - 1] > 0 {
      for i in base..<base + width - 1 {
        values[i] = max(-5, min(5, (values[i] - set.featureMeans[i]) / (set.featureDeviations[i] + 0.05)))
      }
    }
  }

  /// Rows to which a window is brought before convolutions: those of training, and no fewer than a kernel has.
  static func kernelRows(_ set: ChannelSet) -> Int { max(KernelResponses.length, set.rows) }

  /// Measures the mean and deviation of every feature over training windows of one set; thresholds of convolutions are
  /// drawn from them before, where the encoder reads any.
  public static func measure(
    _ windows: [SeriesWindow], set: ChannelSet, configuration: SeriesConfiguration, seed: UInt64 = 0
  ) -> ChannelSet {
    let known = begin(windows, set: set, configuration: configuration, seed: seed)
    return measure(
      windows.map { raw($0, set: known, configuration: configuration) }, set: known,
      configuration: configuration)
  }

  /// The set without statistics of features, with convolutions where the encoder reads them.
  public static func begin(
    _ windows: [SeriesWindow], set: ChannelSet, configuration: SeriesConfiguration, seed: UInt64
  ) -> ChannelSet {
    var known = set
    (known.featureMeans, known.featureDeviations, known.kernels) = ([], [], nil)
    guard configuration.responseCount > 0 else { return known }
    let rows = kernelRows(set)
    var rng = SeededGenerator(seed: seed)
    known.kernels = KernelResponses(
      (0..<set.channels.count).map { channel in
        windows.compactMap { SeriesExpansion.course($0, channel, set: set, rows: rows) }
      }, rows: rows, features: configuration.responses, using: &rng)
    return known
  }

  /// Measures what `raw` gave for training windows.
  public static func measure(
    _ rows: [[Float]], set: ChannelSet, configuration: SeriesConfiguration
  ) -> ChannelSet {
    var measured = set
    let width = count(configuration) * set.channels.count
    var sums = [Double](repeating: 0, count: width), squares = sums
    for row in rows {
      for (i, value) in row.enumerated() {
        sums[i] += Double(value)
        squares[i] += Double(value) * Double(value)
      }
    }
    let count = Double(max(1, rows.count))
    measured.featureMeans = sums.map { Float($0 / count) }
    measured.featureDeviations = zip(sums, squares).map { sum, square in
      Float(max(0, square / count - (sum / count) * (sum / count)).squareRoot())
    }
    return measured
  }

  /// The course at `points` even places, linear between the values that are there, compressed.
  private static func resample(
    _ present: [(offset: Int, element: Float)], rows: Int, points: Int
  ) -> [Float] {
    var next = 0
    return (0..<points).map { point in
      let place = Float(rows - 1) * Float(point) / Float(max(1, points - 1))
      while next < present.count, Float(present[next].offset) < place { next += 1 }
      if next == 0 { return compress(present[0].element) }
      if next == present.count { return compress(present[next - 1].element) }
      let (a, b) = (present[next - 1], present[next])
      let share = (place - Float(a.offset)) / Float(b.offset - a.offset)
      return compress(a.element * (1 - share) + b.element * share)
    }
  }
}

/// sign(x) log(1 + |x|): keeps the order and tames what is far out.
func compress(_ x: Float) -> Float { x < 0 ? -log1pf(-x) : log1pf(x) }
