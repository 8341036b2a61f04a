import CSeries
import Foundation
import Layers

/// How often each word stands in a series, where a word tells of some Fourier coefficients of a part of the series
/// whether they are high or low: after Schäfer and Leser 2023, "WEASEL 2.0: a random dilated dictionary transform for
/// fast, accurate and memory constrained time series classification".
///
/// Each of many dictionaries has a length of its parts, a distance between their values and eight coefficients, or
/// as many as a shorter part has, all drawn at random: the first, or those that vary most over train windows. A coefficient is high above its median
/// or above the middle of its range. Half of the dictionaries read the differences of the series.
public struct FourierWords: Sendable, Codable, Hashable {
  /// Coefficients of a word, at most; each is one bit.
  static let letters = 8
  /// Values of the shortest part.
  static let shortest = 4
  /// Dictionaries, where there is room: with a quarter of them answers varied from draw to draw.
  private static let most = 192
  /// Fewer say too little.
  private static let least = 8

  let dictionaries: [Dictionary]
  let channels: Int
  /// `[channel, dictionary, letter]`, flat, zeros where a word has fewer letters; not coded, as there are too many for a text.
  public private(set) var thresholds: [Float] = []

  private enum CodingKeys: CodingKey { case dictionaries, channels }

  /// - Parameters:
  ///   - courses: standardised values without gaps, `[channel][window]`, of train windows.
  ///   - features: of a channel, at most.
  /// - Returns: nil where there is no room or the windows are too short.
  init?(_ courses: [[[Float]]], rows: Int, features: Int, using rng: inout some RandomNumberGenerator) {
    let count = min(Self.most, features >> Self.letters)
    guard count >= Self.least, rows > Self.shortest else { return nil }
    channels = courses.count
    let some = courses.map { windows in
      stride(from: 0, to: windows.count, by: max(1, windows.count * rows / Self.places)).map { windows[$0] }
    }
    var dictionaries: [Dictionary] = []
    // `[dictionary][channel, letter]`
    var found: [[Float]] = []
    for index in 0..<count {
      var drawn = Dictionary(rows: rows, isStep: index % 2 == 1, using: &rng)
      let byVariance = rng.uniform() < 0.5, byMedian = rng.uniform() < 0.5
      let taken = drawn.coefficients.count
      if byVariance { drawn.coefficients = Array(0..<drawn.length) }
      var products = some.map { drawn.products($0) }
      if byVariance {
        let chosen = Self.varying(products, taken)
        products = products.map { channel in chosen.map { channel[$0] } }
        drawn.coefficients = chosen
      }
      dictionaries.append(drawn)
      found.append(
        products.flatMap { channel in
          channel.map { Self.threshold($0, byMedian: byMedian) }
            + [Float](repeating: 0, count: Self.letters - taken)
        })
    }
    self.dictionaries = dictionaries
    thresholds = (0..<channels).flatMap { channel in
      found.flatMap { $0[channel * Self.letters..<(channel + 1) * Self.letters] }
    }
  }

  /// Places of train windows that are enough to set thresholds by.
  private static let places = 30_000

  /// The coefficients that vary most, summed over the channels.
  /// - Parameter products: `[channel][coefficient][place]`.
  private static func varying(_ products: [[[Float]]], _ count: Int) -> [Int] {
    let spreads = (products.first ?? []).indices.map { coefficient in
      products.reduce(0.0) { sum, channel in
        let values = channel[coefficient]
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
        return sum + values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      }
    }
    let order = spreads.indices.sorted { (-spreads[$0], $0) < (-spreads[$1], $1) }
    return Array(order.prefix(count))
  }

  private static func threshold(_ values: [Float], byMedian: Bool) -> Float {
    guard !values.isEmpty else { return 0 }
    if byMedian {
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    return ((values.min() ?? 0) + (values.max() ?? 0)) / 2
  }

  /// Puts stored thresholds back.
  /// - Returns: whether they are as many as the letters of all channels; nothing is taken otherwise.
  public mutating func take(_ stored: [Float]) -> Bool {
    guard stored.count == channels * dictionaries.count * Self.letters else { return false }
    thresholds = stored
    return true
  }

  /// Whether what was read makes words of windows of so many rows and channels.
  func fits(rows: Int, channels: Int) -> Bool {
    self.channels == channels && (1...Self.most).contains(dictionaries.count)
      && dictionaries.allSatisfy { $0.fits(rows: rows) }
  }

  /// Features of one channel.
  public var count: Int { dictionaries.count << Self.letters }

  /// - Parameter course: of one channel, no gaps.
  func compute(_ course: [Float], channel: Int) -> [Float] {
    var out = [Float](repeating: 0, count: count)
    let steps = zip(course.dropFirst(), course).map { $0 - $1 }
    for (index, dictionary) in dictionaries.enumerated() {
      let values = dictionary.isStep ? steps : course
      let first = (channel * dictionaries.count + index) * Self.letters
      out.withUnsafeMutableBufferPointer { out in
        thresholds.withUnsafeBufferPointer { thresholds in
          guard let words = out.baseAddress, let known = thresholds.baseAddress else { return }
          cseries_words(
            values, dictionary.places(values.count), dictionary.dilation, dictionary.length,
            dictionary.patterns, known + first, dictionary.coefficients.count, words + (index << Self.letters)
          )
        }
      }
    }
    return out
  }
}
