import COneDNN

/// The same elements in another order or under another shape.
extension Tape {
  /// Another shape of as many elements; one size may be -1 and is worked out.
  public func reshape(_ x: Tensor, _ shape: [Int]) -> Tensor {
    var shape = shape
    if let open = shape.firstIndex(of: -1) {
      let rest = shape.enumerated().reduce(1) { $1.offset == open ? $0 : $0 * $1.element }
      shape[open] = rest == 0 ? 0 : x.count / rest
    }
    let y = x.reshaped(shape)
    if records(x) {
      let from = Place(x)
      record(y) { [unowned self] g in accumulate(g.reshaped(from.shape), into: from) }
    }
    return y
  }

  /// Axis i of the result is axis `axes[i]` of x.
  public func transpose(_ x: Tensor, axes: [Int]) -> Tensor {
    precondition(axes.sorted() == Array(0..<x.rank), "The axes \(axes) are no order of those of \(x.shape).")
    let y = permuted(x, axes)
    if records(x) {
      var back = axes
      for (place, axis) in axes.enumerated() { back[axis] = place }
      let (inverse, from) = (back, Place(x))
      record(y) { [unowned self] g in accumulate(permuted(g, inverse), into: from) }
    }
    return y
  }

  private func permuted(_ x: Tensor, _ axes: [Int]) -> Tensor {
    var strides = [Int](repeating: 1, count: x.rank)
    for axis in stride(from: x.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * x.shape[axis + 1]
    }
    var sizes: [Int64] = []
    var steps: [Int64] = []
    for axis in axes where x.shape[axis] != 1 {
      let (size, step) = (Int64(x.shape[axis]), Int64(strides[axis]))
      if let last = steps.last, last == step * size {
        sizes[sizes.count - 1] *= size
        steps[steps.count - 1] = step
      } else {
        sizes.append(size)
        steps.append(step)
      }
    }
    if sizes.isEmpty { (sizes, steps) = ([1], [1]) }
    precondition(sizes.count <= 8, "A transpose of \(x.shape) has more axes than are served.")
    return Tensor(axes.map { x.shape[$0] }, x.type) { y in
      reading(x) { braid_permute(x.type.code, Int32(sizes.count), sizes, steps, $0, y) }
    }
  }
}
