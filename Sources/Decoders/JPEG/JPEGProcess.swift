/// How a JPEG file is coded: its start-of-frame marker (ITU-T T.81, table B.1).
enum JPEGProcess: String {
  case baseline, extended, progressive, lossless
  case arithmetic = "arithmetic sequential"
  case arithmeticProgressive = "arithmetic progressive"

  /// Nil for the hierarchical processes and arithmetic lossless, which no decoder here reads.
  init?(marker: UInt8) {
    switch marker {
    case 0xC0: self = .baseline
    case 0xC1: self = .extended
    case 0xC2: self = .progressive
    case 0xC3: self = .lossless
    case 0xC9: self = .arithmetic
    case 0xCA: self = .arithmeticProgressive
    default: return nil
    }
  }

  var huffman: Bool { self != .arithmetic && self != .arithmeticProgressive }
}
