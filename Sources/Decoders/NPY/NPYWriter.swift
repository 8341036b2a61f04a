/// Writes arrays as numpy stores them (`.npy`, format version 1.0, C order, little-endian).
public enum NPYWriter {
  /// The bytes of a `.npy` file with the type and shape of `raster`.
  public static func encode(_ raster: Raster) -> [UInt8] {
    switch raster.samples {
    case .uint8(let v): encode(v, "|u1", raster.shape)
    case .int8(let v): encode(v, "|i1", raster.shape)
    case .uint16(let v): encode(v, "<u2", raster.shape)
    case .int16(let v): encode(v, "<i2", raster.shape)
    case .uint32(let v): encode(v, "<u4", raster.shape)
    case .int32(let v): encode(v, "<i4", raster.shape)
    case .float32(let v): encode(v, "<f4", raster.shape)
    case .float64(let v): encode(v, "<f8", raster.shape)
    }
  }

  /// The bytes of a `.npy` file of `float32`.
  /// - Precondition: the number of values is the product of `shape`.
  public static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
    encode(Raster(shape: shape, samples: .float32(values)))
  }

  /// The bytes of a `.npy` file of `float64`.
  /// - Precondition: the number of values is the product of `shape`.
  public static func encode(_ values: [Double], shape: [Int]) -> [UInt8] {
    encode(Raster(shape: shape, samples: .float64(values)))
  }

  private static func encode<Value>(_ values: [Value], _ type: String, _ shape: [Int]) -> [UInt8] {
    let sides = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sides)), }"
    // The values start at a multiple of 64 bytes; the header ends with a line feed.
    let padding = (64 - (10 + dictionary.utf8.count + 1) % 64) % 64
    let header = dictionary + String(repeating: " ", count: padding) + "\n"
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    bytes += [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    bytes.reserveCapacity(bytes.count + header.utf8.count + values.count * MemoryLayout<Value>.stride)
    bytes += header.utf8
    // Every platform that Braid runs on is little-endian, as the type string says.
    values.withUnsafeBytes { bytes += $0 }
    return bytes
  }
}
