import COneDNN

/// Sums and means. Whole-tensor ones and their sums inside are f32; along an axis the result has x's type.
extension Tape {
  /// Sum along an axis (negative counts from the end); `keep` leaves it as an axis of 1.
  public func sum(_ x: Tensor, axis: Int, keep: Bool = false) -> Tensor { reduce(x, axis, keep, mean: false) }
  /// Mean along an axis.
  public func mean(_ x: Tensor, axis: Int, keep: Bool = false) -> Tensor { reduce(x, axis, keep, mean: true) }
  /// Sum of all elements, f32, of shape [].
  public func sum(_ x: Tensor) -> Tensor { whole(x, 1) }
  /// Mean of all elements, f32, of shape [].
  public func mean(_ x: Tensor) -> Tensor { whole(x, x.count == 0 ? 0 : 1 / Float(x.count)) }

  /// Mean over tokens where mask is 1 (other numbers weigh): x `[B, T, W]`, mask `[B, T]`, result `[B, W]`; 0
  /// where a row's mask sums to 0. No gradient flows to the mask.
  public func maskedMean(_ x: Tensor, _ mask: Tensor) -> Tensor {
    precondition(
      x.rank == 3 && mask.shape == [x.shape[0], x.shape[1]], "maskedMean: x \(x.shape), mask \(mask.shape).")
    let (batch, tokens, width) = (Int64(x.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]))
    let mask = mask.converted(to: .f32)
    let y = Tensor([x.shape[0], x.shape[2]], x.type) { y in
      reading(x, mask) { braid_masked_mean(x.type.code, batch, tokens, width, $0, $1.floats, y) }
    }
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        let dx = Tensor(x.shape, x.type) { out in
          reading(g, mask) {
            braid_masked_mean_backward(x.type.code, batch, tokens, width, $0, $1.floats, out)
          }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  private func reduce(_ x: Tensor, _ axis: Int, _ keep: Bool, mean: Bool) -> Tensor {
    let axis = wrapped(axis, x)
    let factor = mean ? 1 / Float(max(x.shape[axis], 1)) : 1
    let y = reduced(x, axis: axis, keep: keep, scale: factor).converted(to: x.type)
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        var kept = x.shape
        kept[axis] = 1
        accumulate(repeated(g.reshaped(kept), to: x.shape, scale: factor), into: x)
      }
    }
    return y
  }

  private func whole(_ x: Tensor, _ factor: Float) -> Tensor {
    let y = Tensor([], .f32) { y in
      reading(x) { braid_reduce(x.type.code, 1, [Int64(x.count)], [0], $0, factor, y.floats, 1) }
    }
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        accumulate(Tensor(repeating: g.item * factor, shape: x.shape), into: x)
      }
    }
    return y
  }

  /// f32 sums along one axis, unrecorded.
  func reduced(_ x: Tensor, axis: Int, keep: Bool, scale: Float) -> Tensor {
    var kept = x.shape
    kept[axis] = 1
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    let outer = x.shape[..<axis].reduce(1, *)
    let sum = Tensor(kept, .f32) { y in
      reading(x) {
        // A last axis is summed as a line; any other adds whole lines of the inner axes.
        let sizes = inner == 1 ? [outer, x.shape[axis]] : [outer, x.shape[axis], inner]
        let strides = inner == 1 ? [1, 0] : [inner, 0, 1]
        braid_reduce(
          x.type.code, Int32(sizes.count), sizes.map(Int64.init), strides.map(Int64.init), $0, scale,
          y.floats,
          Int64(outer * inner))
      }
    }
    if keep { return sum }
    kept.remove(at: axis)
    return sum.reshaped(kept)
  }

  private func repeated(_ g: Tensor, to shape: [Int], scale factor: Float) -> Tensor {
    let base = factor == 1 ? g : scaled(g, factor, 0)
    let plan = Broadcast(base.shape, shape)
    return Tensor(shape, base.type) { y in
      reading(base) {
        braid_permute(base.type.code, Int32(plan.sizes.count), plan.sizes, plan.stridesA, $0, y)
      }
    }
  }

  func wrapped(_ axis: Int, _ x: Tensor) -> Int {
    precondition(axis >= -x.rank && axis < x.rank, "The shape \(x.shape) has no axis \(axis).")
    return axis < 0 ? axis + x.rank : axis
  }
}
