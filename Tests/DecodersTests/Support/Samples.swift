import Decoders

extension Raster.Samples {
  /// As numpy's `astype('<...').tobytes()` gives them.
  var littleEndianBytes: [UInt8] {
    func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
      values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    }
    switch self {
    case .uint8(let v): return v
    case .int8(let v): return v.map { UInt8(bitPattern: $0) }
    case .uint16(let v): return bytes(v)
    case .int16(let v): return bytes(v)
    case .uint32(let v): return bytes(v)
    case .int32(let v): return bytes(v)
    case .float32(let v): return bytes(v.map(\.bitPattern))
    case .float64(let v): return bytes(v.map(\.bitPattern))
    }
  }

  var numbers: [Double] {
    switch self {
    case .uint8(let v): v.map(Double.init)
    case .int8(let v): v.map(Double.init)
    case .uint16(let v): v.map(Double.init)
    case .int16(let v): v.map(Double.init)
    case .uint32(let v): v.map(Double.init)
    case .int32(let v): v.map(Double.init)
    case .float32(let v): v.map(Double.init)
    case .float64(let v): v
    }
  }
}

/// All frames of a file.
func decodeAll(_ path: String, _ options: DecodeOptions = DecodeOptions()) throws -> (ScanHeader, [Frame]) {
  var decoder = try DICOMDecoder(path: path, options: options)
  var frames: [Frame] = []
  while let frame = try decoder.next() { frames.append(frame) }
  return (decoder.header, frames)
}
