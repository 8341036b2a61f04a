/// Samples of a picture or a stack of pictures, row-major, in numpy's axis order.
public struct Raster: Sendable, Equatable {
  /// The samples in the type in which they were stored or are to be shown.
  public enum Samples: Sendable, Equatable {
    /// Whole numbers of 8 and 16 bits.
    case uint8([UInt8]), int8([Int8]), uint16([UInt16]), int16([Int16])
    /// Whole numbers of 32 bits; floating point of 32 and 64 bits.
    case uint32([UInt32]), int32([Int32]), float32([Float]), float64([Double])
  }

  /// `[H, W]`, `[H, W, C]` or `[T, H, W, C]`.
  public var shape: [Int]
  /// The values, row after row, channels side by side.
  public var samples: Samples

  /// - Precondition: the number of samples is the product of `shape`.
  public init(shape: [Int], samples: Samples) {
    (self.shape, self.samples) = (shape, samples)
    precondition(samples.count == shape.reduce(1, *), "\(samples.count) samples for shape \(shape)")
  }
}

extension Raster.Samples {
  /// The number of values.
  public var count: Int {
    switch self {
    case .uint8(let v): v.count
    case .int8(let v): v.count
    case .uint16(let v): v.count
    case .int16(let v): v.count
    case .uint32(let v): v.count
    case .int32(let v): v.count
    case .float32(let v): v.count
    case .float64(let v): v.count
    }
  }

  /// numpy's name of the type, such as `uint16`.
  public var dtype: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .float32: "float32"
    case .float64: "float64"
    }
  }
}
