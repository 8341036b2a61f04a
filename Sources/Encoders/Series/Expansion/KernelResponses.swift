import CSeries
import Foundation
import Layers

/// Shares of a series in which small convolutions exceed a threshold: after Dempster, Schmidt and Webb 2021,
/// "MiniRocket: a very fast (almost) deterministic transform for time series classification", over the values and
/// over their differences.
///
/// The 84 kernels of length nine have three weights of 2 and six of -1. Dilations spread evenly on a logarithmic axis
/// up to the length of the window; thresholds are quantiles of a kernel's response to a train window.
public struct KernelResponses: Sendable, Codable, Hashable {
  /// Length of a kernel.
  public static let length = 9
  /// Number of kernels.
  static let kernels = 84
  /// Distances between the weights of a kernel, and thresholds at each.
  let dilations: [Int]
  let thresholdsAtDilation: [Int]
  /// Those of the differences.
  let stepDilations: [Int]
  let thresholdsAtStepDilation: [Int]
  /// `[channel, source, dilation, kernel, threshold]`, flat; not coded, as there are too many for a text.
  public private(set) var thresholds: [Float] = []
  let channels: Int

  private enum CodingKeys: CodingKey {
    case dilations, thresholdsAtDilation, stepDilations, thresholdsAtStepDilation, channels
  }

  /// Thresholds of each kernel over the values, and as many over their differences.
  private static func thresholds(about features: Int) -> Int { max(1, features / 2 / kernels) }

  /// Features of one channel where so many are asked for: a multiple of 168.
  static func count(about features: Int) -> Int { 2 * kernels * thresholds(about: features) }

  /// Features of one channel.
  public var count: Int {
    Self.kernels * (thresholdsAtDilation.reduce(0, +) + thresholdsAtStepDilation.reduce(0, +))
  }

  /// Puts stored thresholds back.
  /// - Returns: whether they are as many as the features of all channels; nothing is taken otherwise.
  public mutating func take(_ stored: [Float]) -> Bool {
    guard stored.count == channels * count else { return false }
    thresholds = stored
    return true
  }

  /// Whether what was read makes kernels for windows of so many rows and channels.
  func fits(rows: Int, channels: Int) -> Bool {
    let plans = [(dilations, thresholdsAtDilation), (stepDilations, thresholdsAtStepDilation)]
    return self.channels == channels
      && plans.allSatisfy { dilations, numbers in
        dilations.count == numbers.count && dilations.allSatisfy { (1...max(1, rows)).contains($0) }
          && numbers.allSatisfy { (0...10_000).contains($0) }
      }
  }

  /// Places of the three weights of 2 in each kernel.
  private static let places: [(Int, Int, Int)] = {
    var out: [(Int, Int, Int)] = []
    for a in 0..<length { for b in a + 1..<length { for c in b + 1..<length { out.append((a, b, c)) } } }
    return out
  }()

  /// - Parameters:
  ///   - courses: standardised values without gaps, `[channel][window]`, of train windows.
  ///   - features: of a channel, about; at least one for each kernel and source.
  init(_ courses: [[[Float]]], rows: Int, features: Int, using rng: inout some RandomNumberGenerator) {
    channels = courses.count
    let half = Self.thresholds(about: features)
    (dilations, thresholdsAtDilation) = Self.plan(rows: rows, thresholds: half)
    (stepDilations, thresholdsAtStepDilation) = Self.plan(rows: rows - 1, thresholds: half)
    thresholds = []
    for windows in courses {
      for isStep in [false, true] {
        var drawn = 0
        let plan =
          isStep ? zip(stepDilations, thresholdsAtStepDilation) : zip(dilations, thresholdsAtDilation)
        for (index, (dilation, number)) in plan.enumerated() {
          for kernel in 0..<Self.kernels {
            guard !windows.isEmpty else {
              thresholds += [Float](repeating: 0, count: number)
              continue
            }
            let window = windows[rng.below(windows.count)]
            let response = Self.response(
              isStep ? Self.steps(window) : window, dilation: dilation, kernel: kernel,
              padded: (index + kernel) % 2 == 0
            ).sorted()
            for _ in 0..<number {
              // A golden-ratio sequence covers the quantiles evenly whatever their number.
              drawn += 1
              let share = (Float(drawn) * 0.618_034).truncatingRemainder(dividingBy: 1)
              let place = share * Float(response.count - 1), low = Int(place)
              let high = min(response.count - 1, low + 1)
              thresholds.append(response[low] + (response[high] - response[low]) * (place - Float(low)))
            }
          }
        }
      }
    }
  }

  /// Dilations and the number of thresholds of each kernel at each of them.
  private static func plan(rows: Int, thresholds: Int) -> ([Int], [Int]) {
    let greatest = log2(Double(max(length, rows) - 1) / Double(length - 1))
    let steps = min(thresholds, 32)
    var counts: [(Int, Int)] = []
    for step in 0..<steps {
      let dilation = max(1, Int(exp2(steps == 1 ? 0 : greatest * Double(step) / Double(steps - 1))))
      if counts.last?.0 == dilation { counts[counts.count - 1].1 += 1 } else { counts.append((dilation, 1)) }
    }
    var numbers = counts.map { $0.1 * thresholds / steps }
    var rest = thresholds - numbers.reduce(0, +), place = 0
    while rest > 0 {
      numbers[place % numbers.count] += 1
      (rest, place) = (rest - 1, place + 1)
    }
    return (counts.map(\.0), numbers)
  }

  private static func steps(_ values: [Float]) -> [Float] { zip(values.dropFirst(), values).map { $0 - $1 } }

  /// The response of one kernel, over all places (zeros beyond the ends) or over those where it lies inside.
  private static func response(_ values: [Float], dilation: Int, kernel: Int, padded: Bool) -> [Float] {
    let sums = shifted(values, dilation)
    let (a, b, c) = places[kernel]
    let count = values.count
    let range = inside(count, dilation, padded: padded)
    return range.map {
      3 * (sums[a * count + $0] + sums[b * count + $0] + sums[c * count + $0]) - sums[length * count + $0]
    }
  }

  /// Places that count.
  private static func inside(_ count: Int, _ dilation: Int, padded: Bool) -> Range<Int> {
    let margin = length / 2 * dilation
    return padded || 2 * margin >= count ? 0..<count : margin..<count - margin
  }

  /// The values moved by each of the nine offsets, then the sum of all nine: `[10, count]`.
  private static func shifted(_ values: [Float], _ dilation: Int) -> [Float] {
    let count = values.count
    var out = [Float](repeating: 0, count: (length + 1) * count)
    for offset in 0..<length {
      let move = (offset - length / 2) * dilation
      let from = max(0, -move), to = min(count, count - move)
      guard from < to else { continue }
      for place in from..<to {
        let value = values[place + move]
        out[offset * count + place] = value
        out[length * count + place] += value
      }
    }
    return out
  }

  /// - Parameter course: of one channel, no gaps.
  func compute(_ course: [Float], channel: Int) -> [Float] {
    var out = [Float](repeating: 0, count: count)
    var next = 0
    let base = channel * count
    for isStep in [false, true] {
      let values = isStep ? Self.steps(course) : course
      let plan = isStep ? zip(stepDilations, thresholdsAtStepDilation) : zip(dilations, thresholdsAtDilation)
      for (index, (dilation, number)) in plan.enumerated() {
        let sums = Self.shifted(values, dilation)
        for kernel in 0..<Self.kernels {
          let range = Self.inside(values.count, dilation, padded: (index + kernel) % 2 == 0)
          out.withUnsafeMutableBufferPointer {
            guard let first = $0.baseAddress else { return }
            share(sums, kernel, range, values.count, thresholds: base + next, number, first + next)
          }
          next += number
        }
      }
    }
    return out
  }

  /// - Parameter out: the first of `number` shares.
  private func share(
    _ sums: [Float], _ kernel: Int, _ range: Range<Int>, _ count: Int, thresholds place: Int, _ number: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    guard number > 0, !range.isEmpty else { return }
    let (a, b, c) = Self.places[kernel]
    sums.withUnsafeBufferPointer { sums in
      thresholds.withUnsafeBufferPointer { thresholds in
        guard let start = sums.baseAddress.map({ $0 + range.lowerBound }), let known = thresholds.baseAddress
        else { return }
        cseries_shares(
          start + a * count, start + b * count, start + c * count, start + Self.length * count, range.count,
          known + place, number, out)
      }
    }
  }
}
