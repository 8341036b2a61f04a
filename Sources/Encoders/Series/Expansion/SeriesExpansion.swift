import Layers

/// Many plain features of each channel of a window, for learners that choose among them: quantiles of intervals,
/// shares of a window in which small convolutions respond, how often each of several convolutions responds most, how
/// often each word of Fourier coefficients stands there, and the spectrum of the envelope of vibration.
///
/// Every feature belongs to one channel, so that a sensor's part in an answer can be taken out.
public struct SeriesExpansion: Sendable, Codable, Hashable {
  /// Rows of a window; others are brought to this number.
  public let rows: Int
  /// Number of channels.
  public let channels: Int
  /// Halvings of the window whose intervals are described; 0 for none.
  public let depth: Int
  /// Convolutions over the values and over their differences; nil for none.
  public var kernels: KernelResponses?
  /// Random convolutions that compete; nil for none, as in files of older versions.
  public var competing: CompetingKernels?
  /// Words of Fourier coefficients; nil for none, as in files of older versions.
  public var words: FourierWords?
  /// Whether the envelope is described.
  public let hasEnvelope: Bool

  /// A group of features.
  public enum Part: String, Sendable, Codable, CaseIterable {
    /// Quantiles of intervals (Dempster et al. 2024, "QUANT").
    case intervals
    /// Responses of convolutions (Dempster et al. 2021, "MiniRocket").
    case kernels
    /// Convolutions that compete (Dempster et al. 2023, "HYDRA").
    case competing
    /// Counts of words of Fourier coefficients (Schäfer and Leser 2023, "WEASEL 2.0").
    case words
    /// Spectrum of the envelope above a third of the sampling rate (McFadden and Smith 1984).
    case envelope
  }

  /// Features of all channels together, at most, for each part.
  private static let most = 10_000
  /// Of words, most of which stand in no window.
  private static let mostWords = 49_152
  /// Shorter windows hold too few turns of a shaft for an envelope.
  public static let shortestEnvelope = 1024

  /// Measures what has to be known of the train windows.
  /// - Parameters:
  ///   - windows: of the train part, all of one channel set.
  ///   - set: its channels with their statistics.
  ///   - size: of all train rows; many rows get fewer features, so that memory stays bounded.
  public init(
    _ windows: [SeriesWindow], set: ChannelSet, size: Int, using rng: inout some RandomNumberGenerator
  ) {
    rows = max(1, set.rows)
    channels = set.channels.count
    // 40 million numbers are 160 MB.
    let budget = max(20 * channels, min(Self.most, 40_000_000 / (3 * max(1, size))))
    var depth = 0
    while depth < 6, IntervalQuantiles.count(rows: rows, depth: depth + 1) * channels <= budget,
      rows >> depth >= 2
    {
      depth += 1
    }
    self.depth = max(1, depth)
    hasEnvelope = rows >= Self.shortestEnvelope
    (kernels, competing, words) = (nil, nil, nil)
    guard rows >= KernelResponses.length else { return }
    let courses = (0..<channels).map { channel in
      windows.map { SeriesExpansion.course($0, channel, set: set, rows: rows) }.compactMap { $0 }
    }
    kernels = KernelResponses(courses, rows: rows, features: budget / channels, using: &rng)
    // Of vibration the envelope tells more, sooner.
    guard !set.isVibration else { return }
    competing = CompetingKernels(rows: rows, features: budget / channels, using: &rng)
    let room = min(Self.mostWords, 40_000_000 / (3 * max(1, size))) / channels
    words = FourierWords(courses, rows: rows, features: room, using: &rng)
  }

  /// Whether what was read describes windows of a channel set.
  public func fits(_ set: ChannelSet) -> Bool {
    channels == set.channels.count && rows >= 1 && rows <= max(1, set.rows) && (1...6).contains(depth)
      && kernels?.fits(rows: rows, channels: channels) != false
      && words?.fits(rows: rows, channels: channels) != false
  }

  /// Features a channel.
  public var count: Int { Part.allCases.reduce(0) { $0 + size($1) } }

  /// Where a part stands among the features of a channel.
  public func range(_ part: Part) -> Range<Int> {
    let start = Part.allCases.prefix { $0 != part }.reduce(0) { $0 + size($1) }
    return start..<start + size(part)
  }

  /// Features of a channel that a part has.
  private func size(_ part: Part) -> Int {
    switch part {
    case .intervals: IntervalQuantiles.count(rows: rows, depth: depth)
    case .kernels: kernels?.count ?? 0
    case .competing: competing?.count ?? 0
    case .words: words?.count ?? 0
    case .envelope: hasEnvelope ? EnvelopeSpectrum.count(rows: rows) : 0
    }
  }

  /// - Returns: `[channel, feature]`; NaN for a channel without any value.
  public func compute(_ window: SeriesWindow, set: ChannelSet, parts: Set<Part> = Set(Part.allCases))
    -> [Float]
  {
    let ranges = Dictionary(uniqueKeysWithValues: parts.map { ($0, range($0)) })
    let width = count
    var out = [Float](repeating: .nan, count: channels * width)
    for channel in 0..<channels {
      guard let course = SeriesExpansion.course(window, channel, set: set, rows: rows) else { continue }
      let base = channel * width
      func put(_ part: Part, _ values: @autoclosure () -> [Float]) {
        guard let range = ranges[part], !range.isEmpty else { return }
        out.replaceSubrange(base + range.lowerBound..<base + range.upperBound, with: values())
      }
      put(.intervals, IntervalQuantiles.compute(course, depth: depth))
      put(.kernels, kernels?.compute(course, channel: channel) ?? [])
      put(.competing, competing?.compute(course) ?? [])
      put(.words, words?.compute(course, channel: channel) ?? [])
      put(.envelope, EnvelopeSpectrum.compute(course))
    }
    return out
  }

  /// A channel's standardised values at `rows` even places, linear over gaps; nil where it has none.
  static func course(_ window: SeriesWindow, _ channel: Int, set: ChannelSet, rows: Int) -> [Float]? {
    let known = set.statistics[channel]
    var values = window.channel(channel)
    guard let first = values.firstIndex(where: \.isFinite) else { return nil }
    for place in 0..<first { values[place] = values[first] }
    var last = first
    for place in first..<values.count where values[place].isFinite {
      if place > last + 1 {
        let step = (values[place] - values[last]) / Float(place - last)
        for gap in last + 1..<place { values[gap] = values[last] + step * Float(gap - last) }
      }
      last = place
    }
    for place in last..<values.count { values[place] = values[last] }
    if values.count != rows {
      let source = values
      values = (0..<rows).map { row in
        let place = rows == 1 ? 0 : Float(row) * Float(source.count - 1) / Float(rows - 1)
        let low = min(source.count - 1, Int(place)), high = min(source.count - 1, low + 1)
        return source[low] + (source[high] - source[low]) * (place - Float(low))
      }
    }
    for place in values.indices { values[place] = (values[place] - known.mean) / known.deviation }
    return values
  }
}
