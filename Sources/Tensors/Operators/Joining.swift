import COneDNN

/// Parts of tensors, and tensors put together.
extension Tape {
  /// Tensors one after another along an axis; all other sizes agree. Of mixed types the result takes bf16.
  public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    guard let first = parts.first else { preconditionFailure("concatenate: no tensors.") }
    let axis = wrapped(axis, first)
    precondition(
      parts.allSatisfy { part in
        part.rank == first.rank
          && part.shape.indices.allSatisfy { $0 == axis || part.shape[$0] == first.shape[$0] }
      }, "concatenate: the shapes \(parts.map(\.shape)) do not fit along axis \(axis).")
    let type = parts.contains { $0.type == .bf16 } ? ElementType.bf16 : .f32
    var shape = first.shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape[..<axis].reduce(1, *)
    let row = shape[axis...].reduce(1, *) * type.size
    let y = Tensor(shape, type) { y in
      var at = 0
      for part in parts.map({ $0.converted(to: type) }) {
        let bytes = outer == 0 ? 0 : part.count / outer * type.size
        reading(part) { braid_copy_runs(Int64(outer), Int64(bytes), $0, Int64(bytes), y + at, Int64(row)) }
        at += bytes
      }
    }
    if mode == .training && parts.contains(where: wants) {
      let parts = parts.map(Place.init)
      record(y) { [unowned self] g in
        var from = 0
        for part in parts {
          if wants(part) { accumulate(sliced(g, axis, from, part.shape[axis]), into: part) }
          from += part.shape[axis]
        }
      }
    }
    return y
  }

  /// `count` places along an axis, from `from` on.
  public func slice(_ x: Tensor, axis: Int, from: Int, count: Int) -> Tensor {
    let axis = wrapped(axis, x)
    precondition(
      from >= 0 && count >= 0 && from + count <= x.shape[axis],
      "slice: places \(from) to \(from + count) of axis \(axis) lie outside \(x.shape).")
    let y = sliced(x, axis, from, count)
    // A piece of something without a gradient, such as a few of a batch's pictures, is taken again on the way back.
    if mode == .training && !wants(x) && axis == 0 {
      remakes[y.id] = Remake(stays: false) { [unowned self] in sliced(x, axis, from, count) }
    }
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let outer = x.shape[..<axis].reduce(1, *)
        update(x) { out, adding in
          if !adding { _ = out.initializeMemory(as: UInt8.self, repeating: 0, count: x.count * x.type.size) }
          reading(g) {
            braid_add_runs(
              x.type.code, g.type.code, Int64(outer), Int64(count * inner), $0,
              Int64(count * inner * g.type.size),
              out + from * inner * x.type.size, Int64(x.shape[axis] * inner * x.type.size))
          }
        }
      }
    }
    return y
  }

  private func sliced(_ x: Tensor, _ axis: Int, _ from: Int, _ count: Int) -> Tensor {
    let inner = x.shape[(axis + 1)...].reduce(1, *) * x.type.size
    let outer = x.shape[..<axis].reduce(1, *)
    var shape = x.shape
    shape[axis] = count
    return Tensor(shape, x.type) { y in
      reading(x) {
        braid_copy_runs(
          Int64(outer), Int64(count * inner), $0 + from * inner, Int64(x.shape[axis] * inner), y,
          Int64(count * inner))
      }
    }
  }

  /// Rows of a table `[V, W]` by index: result `shape + [W]`. Rows taken more than once sum their gradients.
  public func gather(_ table: Tensor, indices: [Int], shape: [Int]) -> Tensor {
    precondition(
      table.rank == 2 && shape.reduce(1, *) == indices.count,
      "gather: \(indices.count) indices into \(table.shape) do not fill the shape \(shape).")
    return rows(table, indices, shape + [table.shape[1]])
  }

  /// Chosen places along the first axis, in the order given.
  public func take(_ x: Tensor, axis: Int = 0, indices: [Int]) -> Tensor {
    precondition(axis == 0 && x.rank > 0, "take works along the first axis; transpose \(x.shape) before.")
    return rows(x, indices, [indices.count] + x.shape.dropFirst())
  }

  private func rows(_ x: Tensor, _ indices: [Int], _ shape: [Int]) -> Tensor {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < x.shape[0] },
      "An index lies outside the \(x.shape[0]) rows of \(x.shape).")
    let places = indices.map(Int64.init)
    let width = x.shape.dropFirst().reduce(1, *)
    let y = Tensor(shape, x.type) { y in
      reading(x) { braid_gather(x.type.code, Int64(places.count), Int64(width), places, $0, y) }
    }
    if records(x) {
      let x = Place(x)
      // Of a large table most rows stay untouched: its gradient is made whole only when it is asked for.
      let isSparse =
        watched.contains(x.id) && 2 * y.count < x.count && !records.contains { $0.output == x.id }
      record(y) { [unowned self] g in
        if isSparse { return scattered[x.id, default: []].append((places, g)) }
        updateSums(x) { sums, adding in
          if !adding { sums.update(repeating: 0, count: x.count) }
          reading(g) { braid_scatter_add(g.type.code, Int64(places.count), Int64(width), places, $0, sums) }
        }
      }
    }
    return y
  }
}
