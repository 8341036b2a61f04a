import CPNG
import Foundation

/// Why a picture cannot be written as PNG.
public struct PNGEncodingError: Error, Sendable, CustomStringConvertible {
  /// One sentence.
  public var description: String
}

/// Writes PNG files in memory.
public enum PNGEncoder {
  /// The bytes of a PNG file without interlace, of 8 or 16 bits a sample.
  /// - Parameter raster: `uint8` or `uint16`; `[H, W]` (grey), `[H, W, 2]` (grey, alpha), `[H, W, 3]` (RGB) or
  ///   `[H, W, 4]` (RGBA); neither side zero.
  /// - Throws: `PNGEncodingError` for other types and shapes, and when memory runs out.
  public static func encode(_ raster: Raster) throws -> [UInt8] {
    let shape = raster.shape
    let channels = shape.count == 3 ? shape[2] : 1
    guard shape.count == 2 || shape.count == 3, (1...4).contains(channels),
      (1...0x7FFF_FFFF).contains(shape[0]), (1...0x7FFF_FFFF).contains(shape[1])
    else {
      throw PNGEncodingError(description: "A raster of shape \(shape) is no picture that PNG can hold.")
    }
    switch raster.samples {
    case .uint8(let samples): return try encode(samples, shape, channels)
    case .uint16(let samples): return try encode(samples, shape, channels)
    default:
      throw PNGEncodingError(description: "PNG holds uint8 and uint16, not \(raster.samples.dtype).")
    }
  }

  private static func encode<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ shape: [Int], _ channels: Int
  ) throws -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: 128)
    let status = samples.withUnsafeBytes {
      cpng_encode(
        $0.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(shape[1]), UInt32(shape[0]),
        Int32(channels),
        Int32(MemoryLayout<Sample>.size), &bytes, &count, &message)
    }
    guard status == CPNG_OK, let bytes else {
      let words = message.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      throw PNGEncodingError(
        description: "The picture cannot be written as PNG: \(words.isEmpty ? "out of memory" : words).")
    }
    defer { free(bytes) }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }
}
