import Decoders
import Foundation

/// Pictures of one level.
enum GreyPNG {
  static func write(side: Int, level: UInt8, to path: String) throws {
    let raster = Raster(shape: [side, side], samples: .uint8([UInt8](repeating: level, count: side * side)))
    try Data(PNGEncoder.encode(raster)).write(to: URL(filePath: path))
  }
}
