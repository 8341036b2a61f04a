import Foundation
import Synchronization

/// Sines and cosines that every transform of one size needs.
struct SpectrumTables: Sendable {
  /// Hann window.
  let window: [Float]
  /// Of whole turns through the size.
  let cosines: [Float], sines: [Float]
  /// Of the butterflies of Cooley and Tukey, one stage after the other; empty where the size is no power of two.
  let turns: [SIMD2<Float>]

  private static let known = Mutex<[Int: SpectrumTables]>([:])
  /// Windows have a few lengths; a program that sees very many keeps none of the later ones.
  private static let most = 64

  static func of(_ size: Int) -> SpectrumTables {
    if let found = known.withLock({ $0[size] }) { return found }
    let made = SpectrumTables(size)
    known.withLock { if $0.count < most { $0[size] = made } }
    return made
  }

  private init(_ size: Int) {
    window = (0..<size).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(size)) }
    cosines = (0..<size).map { cosf(2 * .pi * Float($0) / Float(size)) }
    sines = (0..<size).map { sinf(2 * .pi * Float($0) / Float(size)) }
    guard size & (size - 1) == 0 else {
      turns = []
      return
    }
    var turns: [SIMD2<Float>] = []
    var length = 2
    while length <= size {
      for k in 0..<length / 2 {
        let angle = -2 * Float.pi * Float(k) / Float(length)
        turns.append(SIMD2(cosf(angle), sinf(angle)))
      }
      length *= 2
    }
    self.turns = turns
  }
}
