import COneDNN

/// Windows over images `[B, H, W, C]`, without padding; an edge that no whole window covers is left out.
extension Tape {
  /// Means of windows side by side.
  public func averagePool(_ x: Tensor, window: (Int, Int)) -> Tensor {
    let (plan, shape) = pool(x, window, window)
    let y = Tensor(shape, x.type) { y in
      withUnsafePointer(to: plan) { p in reading(x) { braid_average_pool(x.type.code, p, $0, y) } }
    }
    if records(x) {
      record(y) { [unowned self] g in
        let dx = Tensor(x.shape, .f32) { out in
          withUnsafePointer(to: plan) { p in
            reading(g) { braid_average_pool_backward(g.type.code, p, $0, out.floats) }
          }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  /// Maxima of windows `stride` apart; the gradient goes to the first of equal maxima.
  public func maxPool(_ x: Tensor, window: (Int, Int), stride: (Int, Int)) -> Tensor {
    let (plan, shape) = pool(x, window, stride)
    let places = Storage(bytes: shape.reduce(1, *) * 4)
    let y = Tensor(shape, x.type) { y in
      withUnsafePointer(to: plan) { p in
        reading(x) {
          braid_max_pool(x.type.code, p, $0, y, places.pointer.assumingMemoryBound(to: Int32.self))
        }
      }
    }
    if records(x) {
      record(y) { [unowned self] g in
        let dx = Tensor(x.shape, .f32) { out in
          withUnsafePointer(to: plan) { p in
            withExtendedLifetime(places) {
              reading(g) {
                braid_max_pool_backward(
                  g.type.code, p, $0, places.pointer.assumingMemoryBound(to: Int32.self), out.floats)
              }
            }
          }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  private func pool(_ x: Tensor, _ window: (Int, Int), _ stride: (Int, Int)) -> (braid_pool_t, [Int]) {
    precondition(
      x.rank == 4 && window.0 > 0 && window.1 > 0 && stride.0 > 0 && stride.1 > 0 && x.shape[1] >= window.0
        && x.shape[2] >= window.1, "A pool with windows \(window) does not fit \(x.shape).")
    let height = (x.shape[1] - window.0) / stride.0 + 1
    let width = (x.shape[2] - window.1) / stride.1 + 1
    let plan = braid_pool_t(
      batch: Int64(x.shape[0]), height: Int64(x.shape[1]), width: Int64(x.shape[2]),
      channels: Int64(x.shape[3]),
      out_height: Int64(height), out_width: Int64(width), window_h: Int64(window.0),
      window_w: Int64(window.1),
      stride_h: Int64(stride.0), stride_w: Int64(stride.1))
    return (plan, [x.shape[0], height, width, x.shape[3]])
  }
}
