import Foundation

/// A repeatable generator (xorshift64).
struct Xorshift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Damages some bytes, or cuts the end off.
func mutate(_ bytes: [UInt8], using random: inout Xorshift) -> [UInt8] {
  var bytes = bytes
  // The preamble says nothing; most damage goes behind it.
  let from = bytes.count > 140 && Int.random(in: 0..<3, using: &random) > 0 ? 132 : 0
  for _ in 0..<Int.random(in: 1...6, using: &random) {
    let at = Int.random(in: from..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[at] = 0xFF
    case 2: bytes[at] = 0
    case 3: bytes[at] &+= 1
    default: bytes[at] = UInt8.random(in: 0...255, using: &random)
    }
  }
  if Int.random(in: 0..<8, using: &random) == 0 {
    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
  }
  return bytes
}
