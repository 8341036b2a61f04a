/// What a pixel of a PNG file consists of: the colour type of its IHDR chunk.
enum PNGColour: UInt8 {
  case grey = 0
  case rgb = 2
  case palette = 3
  case greyAlpha = 4
  case rgba = 6

  /// The depths in bits that the standard allows (PNG, third edition, table 11.1).
  var depths: [UInt8] {
    switch self {
    case .grey: [1, 2, 4, 8, 16]
    case .palette: [1, 2, 4, 8]
    case .rgb, .greyAlpha, .rgba: [8, 16]
    }
  }
}
