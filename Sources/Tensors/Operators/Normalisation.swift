import COneDNN

/// Normalisations along the last axis; sums are f32 inside, whatever the input's type.
extension Tape {
  /// (x - mean) / sqrt(variance + epsilon) weight + bias over the last axis (Ba et al. 2016); weight and bias
  /// `[W]`.
  public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
    let width = x.shape.last ?? 0
    precondition(
      weight.shape == [width] && bias.shape == [width],
      "layerNorm: x \(x.shape), weight \(weight.shape) and bias \(bias.shape) do not fit.")
    let rows = width == 0 ? 0 : x.count / width
    let (w, b) = (weight.converted(to: .f32), bias.converted(to: .f32))
    func normal(_ statistics: UnsafeMutablePointer<Float>) -> Tensor {
      Tensor(x.shape, x.type) { y in
        reading(x, w, b) {
          braid_layer_norm(
            x.type.code, Int64(rows), Int64(width), $0, $1.floats, $2.floats, epsilon, y, statistics)
        }
      }
    }
    var made: Tensor?
    let statistics = Tensor([rows, 2], .f32) { made = normal($0.floats) }
    let y = made ?? x
    guard records(x, weight, bias) else { return y }
    // One pass over x makes the result again: cheaper than keeping it until the way back.
    let remake = Remake {
      let unused = Storage(bytes: rows * 8)
      return withExtendedLifetime(unused) { normal(unused.pointer.floats) }
    }
    let name = y.id
    remakes[name] = remake
    record(y) { [unowned self] g in
      remake.drop()
      remakes[name] = nil
      let sums = wants(weight) || wants(bias)
      let dw = sums ? Storage(bytes: width * 4) : nil
      let db = sums ? Storage(bytes: width * 4) : nil
      func walk(_ dx: UnsafeMutableRawPointer?, _ adding: Bool) {
        reading(x, w, statistics) { x0, w0, s0 in
          reading(g) {
            braid_layer_norm_backward(
              x.type.code, Int64(rows), Int64(width), x0, w0.floats, s0.floats, $0, dx, adding ? 1 : 0,
              dw?.pointer.floats, db?.pointer.floats)
          }
        }
      }
      if wants(x) { update(x) { walk($0, $1) } } else { walk(nil, false) }
      if let dw { accumulate(Tensor(shape: [width], type: .f32, storage: dw), into: weight) }
      if let db { accumulate(Tensor(shape: [width], type: .f32, storage: db), into: bias) }
    }
    return y
  }

  /// Softmax over the last axis.
  public func softmax(_ x: Tensor) -> Tensor { softmax(x, logarithm: false) }
  /// Logarithm of the softmax over the last axis.
  public func logSoftmax(_ x: Tensor) -> Tensor { softmax(x, logarithm: true) }

  private func softmax(_ x: Tensor, logarithm: Bool) -> Tensor {
    let (rows, width) = rowsOf(x)
    let y = Tensor(x.shape, x.type) { y in
      reading(x) { braid_softmax(x.type.code, logarithm ? 1 : 0, rows, width, $0, y) }
    }
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        let dx = Tensor(x.shape, x.type) { out in
          reading(y, g) { braid_softmax_backward(x.type.code, logarithm ? 1 : 0, rows, width, $0, $1, out) }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  /// x / max(|x|, epsilon) over the last axis, |x| the Euclidean norm.
  public func l2Normalized(_ x: Tensor, epsilon: Float = 1e-6) -> Tensor {
    let (rows, width) = rowsOf(x)
    var normal: Tensor?
    let norms = Tensor([Int(rows)], .f32) { n in
      normal = Tensor(x.shape, x.type) { y in
        reading(x) { braid_l2_normalize(x.type.code, rows, width, $0, epsilon, y, n.floats) }
      }
    }
    let y = normal ?? x
    if records(x) {
      let x = Place(x)
      record(y) { [unowned self] g in
        let dx = Tensor(x.shape, x.type) { out in
          reading(y, norms, g) {
            braid_l2_normalize_backward(x.type.code, rows, width, $0, $1.floats, $2, out)
          }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  private func rowsOf(_ x: Tensor) -> (rows: Int64, width: Int64) {
    let width = x.shape.last ?? 1
    return (Int64(width == 0 ? 0 : x.count / width), Int64(width))
  }
}
