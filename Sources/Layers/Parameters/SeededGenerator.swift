/// A small, fast generator with a seed and a state that can be saved: SplitMix64 (Steele, Lea, Flood 2014).
/// The same seed gives the same numbers on every platform.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
  /// All that is to come follows from it.
  public var state: UInt64

  /// - Parameter seed: the same one gives the same numbers.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A generator of its own for part `index` of the work, so that the order of the parts does not matter.
  public func split(_ index: Int) -> SeededGenerator {
    var child = SeededGenerator(seed: state ^ (UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95))
    _ = child.next()
    return child
  }
}

extension RandomNumberGenerator {
  /// Uniform in [0, 1), 24 bits.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in [`low`, `high`).
  public mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

  /// Standard normal, by Box and Muller.
  public mutating func normal() -> Float {
    let radius = (-2 * logarithm(max(uniform(), 0x1p-24))).squareRoot()
    return radius * cosine(2 * .pi * uniform())
  }

  /// Uniform in 0 ..< `bound`.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A random order of 0 ..< `count` (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, below(i + 1)) }
    return order
  }
}
