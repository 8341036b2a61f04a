import COneDNN
import Synchronization

private let lastID = Atomic<UInt64>(0)

/// An immutable, dense, row-major array of numbers: a value, cheap to copy (copies share their memory).
public struct Tensor: Sendable {
  /// Sizes of the axes, outermost first; empty for a scalar.
  public let shape: [Int]
  /// How the elements are stored.
  public let type: ElementType
  /// Unlike any other tensor's in this process; the tape's key.
  public let id: UInt64
  /// Number of elements.
  public let count: Int
  var storage: Storage

  init(shape: [Int], type: ElementType, storage: Storage) {
    self.shape = shape
    self.type = type
    self.storage = storage
    count = shape.reduce(1, *)
    id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// A tensor whose bytes `body` writes, every one of them.
  init(
    _ shape: [Int], _ type: ElementType, filling body: (UnsafeMutableRawPointer) throws -> Void
  ) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "A tensor cannot have the shape \(shape).")
    let storage = Storage(bytes: shape.reduce(1, *) * type.size)
    try body(storage.pointer)
    self.init(shape: shape, type: type, storage: storage)
  }

  /// f32 values in row-major order; as many as the shape holds.
  public init(_ values: [Float], shape: [Int]) {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape).")
    self.init(shape, .f32) { out in
      values.withUnsafeBytes {
        if let from = $0.baseAddress { out.copyMemory(from: from, byteCount: $0.count) }
      }
    }
  }

  /// f32 zeros.
  public init(zeros shape: [Int]) {
    self.init(shape, .f32) { out in
      _ = out.initializeMemory(as: UInt8.self, repeating: 0, count: shape.reduce(1, *) * 4)
    }
  }

  /// f32, every element the same.
  public init(repeating value: Float, shape: [Int]) {
    self.init(shape, .f32) { out in
      _ = out.initializeMemory(as: Float.self, repeating: value, count: shape.reduce(1, *))
    }
  }

  /// f32 elements that `body` writes; it must initialise every one, for the memory comes as it was left.
  public init(shape: [Int], initializing body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let count = shape.reduce(1, *)
    try self.init(shape, .f32) { out in
      try body(UnsafeMutableBufferPointer(start: out.assumingMemoryBound(to: Float.self), count: count))
    }
  }

  /// A tensor of shape [] with one f32 element.
  public static func scalar(_ value: Float) -> Tensor { Tensor(repeating: value, shape: []) }

  /// Number of axes.
  public var rank: Int { shape.count }
}
