import Foundation

/// The power of a signal in bands, for vibration.
enum Spectrum {
  /// Natural logarithm of the mean power in `count` bands that widen evenly on a logarithmic axis up to half
  /// the sampling rate, of the Hann-windowed signal (periodogram), its mean removed.
  static func bands(_ values: [Float], count: Int) -> [Float] {
    let power = periodogram(values)
    let last = power.count
    guard last > 1 else { return [Float](repeating: 0, count: count) }
    var edges = [1]
    for band in 1...count {
      let edge = powf(Float(last), Float(band) / Float(count)).rounded()
      edges.append(max(edges[band - 1] + 1, Int(edge)))
    }
    return (0..<count).map { band in
      let from = min(edges[band], last), to = min(edges[band + 1], last)
      guard from < to else { return logf(0.01) }
      return logf(power[from..<to].reduce(0, +) / Float(to - from) + 0.01)
    }
  }

  /// Squared magnitudes over the length, from frequency zero to half the sampling rate.
  static func periodogram(_ values: [Float]) -> [Float] {
    var size = values.count
    if size > longestDirect {
      size = 1
      while size * 2 <= values.count { size *= 2 }
    }
    guard size > 1 else { return [] }
    let mean = values[..<size].reduce(0, +) / Float(size)
    let tables = SpectrumTables.of(size)
    var real = (0..<size).map { (values[$0] - mean) * tables.window[$0] }
    if size > longestDirect || size & (size - 1) == 0 {
      var imaginary = [Float](repeating: 0, count: size)
      transform(&real, &imaginary)
      return (0...size / 2).map { (real[$0] * real[$0] + imaginary[$0] * imaginary[$0]) / Float(size) }
    }
    let (cosines, sines) = (tables.cosines, tables.sines)
    return (0...size / 2).map { frequency in
      var re: Float = 0, im: Float = 0, turn = 0
      for value in real {
        re += value * cosines[turn]
        im += value * sines[turn]
        turn += frequency
        if turn >= size { turn -= size }
      }
      return (re * re + im * im) / Float(size)
    }
  }

  /// Up to here a length that is no power of two is transformed term by term; longer ones are cut.
  private static let longestDirect = 512

  /// Cooley and Tukey's transform in place; the size is a power of two.
  static func transform(_ real: inout [Float], _ imaginary: inout [Float]) {
    let size = real.count
    var reversed = 0
    for place in 1..<max(1, size) {
      var bit = size >> 1
      while reversed & bit != 0 {
        reversed ^= bit
        bit >>= 1
      }
      reversed |= bit
      if place < reversed {
        real.swapAt(place, reversed)
        imaginary.swapAt(place, reversed)
      }
    }
    let turns = SpectrumTables.of(size).turns
    var length = 2, next = 0
    while length <= size {
      let half = length / 2
      for k in 0..<half {
        let (cosine, sine) = (turns[next].x, turns[next].y)
        next += 1
        for start in stride(from: k, to: size, by: length) {
          let other = start + half
          let re = real[other] * cosine - imaginary[other] * sine
          let im = real[other] * sine + imaginary[other] * cosine
          (real[other], imaginary[other]) = (real[start] - re, imaginary[start] - im)
          (real[start], imaginary[start]) = (real[start] + re, imaginary[start] + im)
        }
      }
      length *= 2
    }
  }
}
