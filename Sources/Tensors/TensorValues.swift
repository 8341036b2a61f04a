import COneDNN

extension Tensor {
  /// The elements in row-major order, bf16 widened.
  public func floats() -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let out = buffer.baseAddress {
        reading(self) { braid_convert(type.code, 0, Int64(count), $0, out) }
      }
      filled = count
    }
  }

  /// The only element of a tensor that holds one.
  public var item: Float {
    precondition(count == 1, "A tensor of shape \(shape) is no single number.")
    return floats()[0]
  }

  /// Reads f32 elements in place; the pointer is valid only inside `body`.
  public func withUnsafeFloats<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    precondition(type == .f32, "A bf16 tensor has no floats to point at; convert it first.")
    return try reading(self) {
      try body(UnsafeBufferPointer(start: $0.assumingMemoryBound(to: Float.self), count: count))
    }
  }

  /// Writes f32 elements in place, for optimisers. Memory shared with another tensor is copied first, so no
  /// other tensor changes. The tensor gets a new `id`: a tape that has seen it before keeps the old values' name.
  public mutating func withUnsafeMutableFloats<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    precondition(type == .f32, "A bf16 tensor has no floats to point at; convert it first.")
    if !isKnownUniquelyReferenced(&storage) {
      let fresh = Storage(bytes: count * 4)
      fresh.pointer.copyMemory(from: storage.pointer, byteCount: count * 4)
      storage = fresh
    } else {
      storage.changes()
    }
    let held = storage
    self = Tensor(shape: shape, type: type, storage: held)
    return try withExtendedLifetime(held) {
      try body(
        UnsafeMutableBufferPointer(start: held.pointer.assumingMemoryBound(to: Float.self), count: count))
    }
  }

  /// The same numbers, stored as `type`; itself where it is so already. bf16 rounds to nearest even.
  public func converted(to type: ElementType) -> Tensor {
    if type == self.type { return self }
    return Tensor(shape, type) { out in
      reading(self) { braid_convert(self.type.code, type.code, Int64(count), $0, out) }
    }
  }

  /// The same elements under another shape of as many. No gradient flows through it; see the tape's own.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(
      shape.reduce(1, *) == count, "The shape \(self.shape) cannot become \(shape): \(count) elements.")
    return Tensor(shape: shape, type: type, storage: storage)
  }
}

// Pointers for the kernels. A tensor's memory lives as long as a tensor does, so each holds its tensors
// until the body returns.

@inline(__always) @discardableResult
func reading<R>(_ a: Tensor, _ body: (UnsafeMutableRawPointer) throws -> R) rethrows -> R {
  try withExtendedLifetime(a.storage) { try body(a.storage.pointer) }
}

@inline(__always) @discardableResult
func reading<R>(
  _ a: Tensor, _ b: Tensor, _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer) throws -> R
) rethrows -> R {
  try reading(a) { pa in try reading(b) { pb in try body(pa, pb) } }
}

@inline(__always) @discardableResult
func reading<R>(
  _ a: Tensor, _ b: Tensor, _ c: Tensor,
  _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) throws -> R
) rethrows -> R {
  try reading(a, b) { pa, pb in try reading(c) { pc in try body(pa, pb, pc) } }
}

extension UnsafeMutableRawPointer {
  var floats: UnsafeMutablePointer<Float> { assumingMemoryBound(to: Float.self) }
}
