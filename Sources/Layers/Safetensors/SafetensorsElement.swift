/// The element types that the format names, with what this reader can do with them.
enum SafetensorsElement: String {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case u8 = "U8"

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16: 2
    case .u8: 1
    }
  }

  var isInteger: Bool {
    switch self {
    case .i64, .i32, .u8: true
    case .f64, .f32, .f16, .bf16: false
    }
  }

  /// Widens or rounds little-endian `bytes` to `Float`, one element after another.
  func append(_ bytes: UnsafeRawBufferPointer, to floats: inout [Float]) {
    switch self {
    case .f64: Self.append(bytes, as: UInt64.self, to: &floats) { Float(Double(bitPattern: $0)) }
    case .f32: Self.append(bytes, as: UInt32.self, to: &floats) { Float(bitPattern: $0) }
    case .f16: Self.append(bytes, as: UInt16.self, to: &floats) { Float(Float16(bitPattern: $0)) }
    case .bf16: Self.append(bytes, as: UInt16.self, to: &floats) { Float(bitPattern: UInt32($0) << 16) }
    case .i64: Self.append(bytes, as: Int64.self, to: &floats) { Float($0) }
    case .i32: Self.append(bytes, as: Int32.self, to: &floats) { Float($0) }
    case .u8: Self.append(bytes, as: UInt8.self, to: &floats) { Float($0) }
    }
  }

  /// Widens little-endian integer `bytes`; nothing is appended for the types that are no integers.
  func append(_ bytes: UnsafeRawBufferPointer, to integers: inout [Int]) {
    switch self {
    case .i64: Self.append(bytes, as: Int64.self, to: &integers) { Int($0) }
    case .i32: Self.append(bytes, as: Int32.self, to: &integers) { Int($0) }
    case .u8: Self.append(bytes, as: UInt8.self, to: &integers) { Int($0) }
    case .f64, .f32, .f16, .bf16: break
    }
  }

  private static func append<Stored: FixedWidthInteger & BitwiseCopyable, Value>(
    _ bytes: UnsafeRawBufferPointer, as: Stored.Type, to values: inout [Value], _ convert: (Stored) -> Value
  ) {
    let size = MemoryLayout<Stored>.size
    let count = bytes.count / size
    // A piece at once: one element after another would ask each time whether the array is shared.
    values += [Value](unsafeUninitializedCapacity: count) { out, filled in
      for index in 0..<count {
        let stored = bytes.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
        out.initializeElement(at: index, to: convert(Stored(littleEndian: stored)))
      }
      filled = count
    }
  }
}
