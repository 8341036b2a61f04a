import Foundation

/// The spectrum of the envelope of vibration, as in McFadden and Smith 1984, "Vibration monitoring of rolling element
/// bearings by the high-frequency resonance technique": a defect strikes once a passage, each stroke rings at
/// frequencies far above, and the rate of the strokes, not the ringing, tells which part is damaged.
///
/// The ringing is taken from a third of the sampling rate up to half of it, above the resonances of most housings,
/// so that neither load nor the size of a defect decides. The envelope is the magnitude of the analytic signal there,
/// over its mean; its spectrum (Hann window) up to a twenty-fourth of the sampling rate is brought to a root mean
/// square of 1.
enum EnvelopeSpectrum {
  /// Features of one channel.
  static func count(rows: Int) -> Int { max(1, size(rows) / 24) }

  /// The greatest power of two that fits.
  private static func size(_ rows: Int) -> Int {
    var size = 2
    while size * 2 <= rows { size *= 2 }
    return size
  }

  /// - Parameter values: of one channel, no gaps.
  static func compute(_ values: [Float]) -> [Float] {
    let size = size(values.count), count = count(rows: values.count)
    var real = Array(values[..<size]), imaginary = [Float](repeating: 0, count: size)
    Spectrum.transform(&real, &imaginary)
    for place in 0..<size {
      // The analytic signal has no negative frequencies; the inverse transform is one of the conjugate.
      let kept = place * 3 >= size && place * 2 < size
      real[place] = kept ? real[place] : 0
      imaginary[place] = kept ? -imaginary[place] : 0
    }
    Spectrum.transform(&real, &imaginary)
    var envelope = zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }
    let mean = envelope.reduce(0, +) / Float(size)
    guard mean > 0 else { return [Float](repeating: 0, count: count) }
    for place in 0..<size {
      envelope[place] =
        (envelope[place] / mean - 1) * (0.5 - 0.5 * cosf(2 * .pi * Float(place) / Float(size)))
    }
    var none = [Float](repeating: 0, count: size)
    Spectrum.transform(&envelope, &none)
    let found = (1...count).map { (envelope[$0] * envelope[$0] + none[$0] * none[$0]).squareRoot() }
    let level = (found.reduce(0) { $0 + $1 * $1 } / Float(count)).squareRoot()
    return level > 0 ? found.map { $0 / level } : found
  }
}
