import COneDNN

/// Two operands with NumPy's broadcasting: axes align at the end, an axis of 1 repeats. Gradients are summed
/// back to each operand's own shape. Of two types the result takes bf16.
extension Tape {
  /// a + b.
  public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    binary(braid_add, a, b) { g in (g, g) }
  }
  /// a - b.
  public func subtract(_ a: Tensor, _ b: Tensor) -> Tensor {
    let right = Place(b)
    return binary(braid_subtract, a, b) { [unowned self] g in (g, wants(right) ? scaled(g, -1, 0) : g) }
  }
  /// a b, element by element.
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    binary(braid_multiply, a, b) { [unowned self] g in
      (wants(a) ? elementwise(braid_multiply, g, b) : g, wants(b) ? elementwise(braid_multiply, g, a) : g)
    }
  }
  /// a / b, element by element.
  public func divide(_ a: Tensor, _ b: Tensor) -> Tensor {
    binary(braid_divide, a, b) { [unowned self] g in
      let da = elementwise(braid_divide, g, b)
      guard wants(b) else { return (da, g) }
      return (da, scaled(elementwise(braid_divide, elementwise(braid_multiply, da, a), b), -1, 0))
    }
  }

  private func binary(
    _ op: Int, _ a: Tensor, _ b: Tensor, backward: @escaping (Tensor) -> (Tensor, Tensor)
  ) -> Tensor {
    let y = elementwise(op, a, b)
    if records(a, b) {
      let (a, b) = (Place(a), Place(b))
      record(y) { [unowned self] g in
        let (da, db) = backward(g)
        if wants(a) { accumulate(summed(da, to: a), into: a) }
        if wants(b) { accumulate(summed(db, to: b), into: b) }
      }
    }
    return y
  }

  /// The values alone, unrecorded.
  func elementwise(_ op: Int, _ a: Tensor, _ b: Tensor) -> Tensor {
    let type: ElementType = a.type == b.type ? a.type : .bf16
    let a = a.converted(to: type)
    let b = b.converted(to: type)
    let plan = Broadcast(a.shape, b.shape)
    return Tensor(plan.shape, type) { y in
      reading(a, b) {
        braid_binary(
          Int32(op), type.code, Int32(plan.sizes.count), plan.sizes, plan.stridesA, plan.stridesB, $0, $1, y)
      }
    }
  }

  /// `gradient` summed over the axes that broadcasting repeated; f32 where the operand is.
  private func summed(_ gradient: Tensor, to operand: Place) -> Tensor {
    if gradient.shape == operand.shape { return gradient }
    let plan = Broadcast(gradient.shape, operand.shape)
    let sum = Tensor(operand.shape, .f32) { y in
      reading(gradient) {
        braid_reduce(
          gradient.type.code, Int32(plan.sizes.count), plan.sizes, plan.stridesB, $0, 1, y.floats,
          Int64(operand.count))
      }
    }
    return sum
  }
}

/// Two shapes laid over one another, with neighbouring axes joined where both run on through them.
struct Broadcast {
  /// The result's shape.
  let shape: [Int]
  /// Joined axes: sizes of the result and element strides of both operands, 0 where one repeats.
  private(set) var sizes: [Int64] = []
  private(set) var stridesA: [Int64] = []
  private(set) var stridesB: [Int64] = []

  init(_ a: [Int], _ b: [Int]) {
    let rank = max(a.count, b.count)
    let fullA = [Int](repeating: 1, count: rank - a.count) + a
    let fullB = [Int](repeating: 1, count: rank - b.count) + b
    precondition(
      zip(fullA, fullB).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 },
      "The shapes \(a) and \(b) do not broadcast to one.")
    shape = zip(fullA, fullB).map { $0 == 1 ? $1 : $0 }
    var strideA = 1
    var strideB = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      let size = shape[axis]
      let stepA = fullA[axis] == 1 ? 0 : strideA
      let stepB = fullB[axis] == 1 ? 0 : strideB
      strideA *= fullA[axis]
      strideB *= fullB[axis]
      if size == 1 { continue }
      if let inner = sizes.last, Int64(stepA) == stridesA[sizes.count - 1] * inner,
        Int64(stepB) == stridesB[sizes.count - 1] * inner
      {
        sizes[sizes.count - 1] *= Int64(size)
      } else {
        sizes.append(Int64(size))
        stridesA.append(Int64(stepA))
        stridesB.append(Int64(stepB))
      }
    }
    if sizes.isEmpty { (sizes, stridesA, stridesB) = ([1], [0], [0]) }
    sizes.reverse()
    stridesA.reverse()
    stridesB.reverse()
    precondition(sizes.count <= 8, "The shapes \(a) and \(b) have more axes than broadcasting serves.")
  }
}
