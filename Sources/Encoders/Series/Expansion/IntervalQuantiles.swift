import Foundation

/// Quantiles of intervals of a series, of its differences, of the differences of those, and of its spectrum: after
/// Dempster, Schmidt and Webb 2024, "QUANT: a minimalist interval method for time series classification".
///
/// The series is halved `depth` times; each part, and each part moved on by half its length, gives every fourth of
/// its sorted values. Every second quantile has the interval's mean taken off, so that shape and level both stand.
enum IntervalQuantiles {
  /// One quantile for so many values.
  private static let density = 4

  /// Features of one channel.
  static func count(rows: Int, depth: Int) -> Int {
    lengths(rows).reduce(0) { sum, length in
      sum + intervals(length, depth).reduce(0) { $0 + quantiles($1.count) }
    }
  }

  /// Lengths of what is described of `rows` values.
  private static func lengths(_ rows: Int) -> [Int] {
    [rows, max(1, rows - 1 - (smooths(rows) ? 4 : 0)), max(1, rows - 2), padded(rows) / 2 + 1]
  }

  /// First differences are noisy; where there are enough, five neighbours are averaged.
  private static func smooths(_ rows: Int) -> Bool { rows > 8 }

  private static func padded(_ rows: Int) -> Int {
    var size = 2
    while size < rows { size *= 2 }
    return size
  }

  private static func quantiles(_ length: Int) -> Int { 1 + (length - 1) / density }

  /// Intervals of the first `depth` levels.
  private static func intervals(_ length: Int, _ depth: Int) -> [Range<Int>] {
    var out: [Range<Int>] = []
    for level in 0..<depth {
      let parts = 1 << level
      guard parts <= length else { break }
      let edges = (0...parts).map { Int((Double(length) * Double($0) / Double(parts)).rounded()) }
      let own = (0..<parts).map { edges[$0]..<edges[$0 + 1] }
      out += own
      let half = (edges[1] - edges[0] + 1) / 2
      out += own.dropLast().map { $0.lowerBound + half..<min(length, $0.upperBound + half) }
    }
    return out
  }

  /// - Parameter values: of one channel, no gaps.
  static func compute(_ values: [Float], depth: Int) -> [Float] {
    var out: [Float] = []
    out.reserveCapacity(count(rows: values.count, depth: depth))
    let steps = difference(values)
    for series in [
      values, smooths(values.count) ? smooth(steps) : steps, difference(steps), magnitudes(values),
    ] {
      for interval in intervals(series.count, depth) { append(series[interval], to: &out) }
    }
    return out
  }

  private static func append(_ interval: ArraySlice<Float>, to out: inout [Float]) {
    let count = quantiles(interval.count)
    let sorted = interval.sorted()
    let mean = sorted.reduce(0, +) / Float(max(1, sorted.count))
    for index in 0..<count {
      let place =
        count == 1 ? Float(sorted.count - 1) / 2 : Float(index) * Float(sorted.count - 1) / Float(count - 1)
      let low = Int(place), high = min(sorted.count - 1, low + 1)
      let quantile = sorted[low] + (sorted[high] - sorted[low]) * (place - Float(low))
      out.append(index % 2 == 1 ? quantile - mean : quantile)
    }
  }

  private static func difference(_ values: [Float]) -> [Float] {
    values.count < 2 ? [0] : zip(values.dropFirst(), values).map { $0 - $1 }
  }

  private static func smooth(_ values: [Float]) -> [Float] {
    var sum = values[..<5].reduce(0, +)
    var out = [sum / 5]
    for place in 5..<values.count {
      sum += values[place] - values[place - 5]
      out.append(sum / 5)
    }
    return out
  }

  /// Magnitudes of the discrete Fourier transform, zeros added up to a power of two.
  private static func magnitudes(_ values: [Float]) -> [Float] {
    let size = padded(values.count)
    var real = values + [Float](repeating: 0, count: size - values.count)
    var imaginary = [Float](repeating: 0, count: size)
    Spectrum.transform(&real, &imaginary)
    return (0...size / 2).map { (real[$0] * real[$0] + imaginary[$0] * imaginary[$0]).squareRoot() }
  }
}
