import Decoders
import Foundation

/// Eight sensors that hang together by three hidden causes, each with a memory of some rows.
struct SimulatedPlant {
  static let sensors = 8
  static let channels = (1...sensors).map { Channel(name: "s\($0)") }
  private var state: UInt64
  private var causes = [Double](repeating: 0, count: 3)
  private let loadings: [[Double]]

  init(seed: UInt64) {
    state = 99
    var own = SimulatedPlant.Noise(state: 99)
    loadings = (0..<SimulatedPlant.sensors).map { _ in (0..<3).map { _ in own.normal() } }
    state = seed
  }

  private struct Noise {
    var state: UInt64

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
      return (Double((mixed ^ (mixed >> 33)) >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Standard normal (Box and Muller 1958).
    mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  }

  /// The next rows: `[row, sensor]`.
  /// - Parameter memory: share of a cause that the next row keeps.
  mutating func rows(_ count: Int, memory: Double = 0.5) -> [Float] {
    var noise = Noise(state: state)
    defer { state = noise.state }
    return (0..<count).flatMap { _ -> [Float] in
      for cause in 0..<3 {
        causes[cause] = memory * causes[cause] + (1 - memory * memory).squareRoot() * noise.normal()
      }
      return loadings.enumerated().map { sensor, loading in
        let sum = zip(loading, causes).reduce(0) { $0 + $1.0 * $1.1 }
        return Float(20 * Double(sensor + 1) + sum + 0.5 * noise.normal())
      }
    }
  }
}
