import Foundation

/// The power of a signal in bands, for vibration.
enum Spectrum {
  /// Natural logarithm of the mean power in `count` bands of equal width up to half the sampling rate, of the
  /// Hann-windowed signal (periodogram), its mean removed.
  static func bands(_ values: [Float], count: Int) -> [Float] {
    var size = 1
    while size * 2 <= values.count { size *= 2 }
    guard size >= 2 * count else { return [Float](repeating: 0, count: count) }
    let mean = values[..<size].reduce(0, +) / Float(size)
    var real = (0..<size).map { place in
      (values[place] - mean) * (0.5 - 0.5 * cosf(2 * .pi * Float(place) / Float(size)))
    }
    var imaginary = [Float](repeating: 0, count: size)
    transform(&real, &imaginary)
    let half = size / 2
    return (0..<count).map { band in
      let from = 1 + band * (half - 1) / count, to = max(from + 1, 1 + (band + 1) * (half - 1) / count)
      let power = (from..<to).reduce(Float(0)) { $0 + real[$1] * real[$1] + imaginary[$1] * imaginary[$1] }
      return logf(power / Float(to - from) / Float(size) + 1e-6)
    }
  }

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
    var length = 2
    while length <= size {
      let half = length / 2
      for k in 0..<half {
        let angle = -2 * Float.pi * Float(k) / Float(length)
        let (cosine, sine) = (cosf(angle), sinf(angle))
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
