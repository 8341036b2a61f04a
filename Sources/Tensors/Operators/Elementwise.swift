import COneDNN

/// One-to-one functions.
extension Tape {
  /// x Φ(x), Φ the normal distribution (the erf form; Hendrycks and Gimpel 2016).
  public func gelu(_ x: Tensor) -> Tensor { unary(braid_gelu, x) }
  /// max(x, 0).
  public func relu(_ x: Tensor) -> Tensor { unary(braid_relu, x, fromOutput: true) }
  /// x σ(x).
  public func silu(_ x: Tensor) -> Tensor { unary(braid_silu, x) }
  /// x σ(1.702 x).
  public func quickGelu(_ x: Tensor) -> Tensor { unary(braid_quick_gelu, x) }
  /// σ(x) = 1 / (1 + e^-x).
  public func sigmoid(_ x: Tensor) -> Tensor { unary(braid_sigmoid, x, fromOutput: true) }
  /// Hyperbolic tangent.
  public func tanh(_ x: Tensor) -> Tensor { unary(braid_tanh, x, fromOutput: true) }
  /// e^x.
  public func exp(_ x: Tensor) -> Tensor { unary(braid_exp, x, fromOutput: true) }
  /// Natural logarithm.
  public func log(_ x: Tensor) -> Tensor { unary(braid_log, x) }
  /// ln(1 + e^x).
  public func softplus(_ x: Tensor) -> Tensor { unary(braid_softplus, x) }
  /// x².
  public func square(_ x: Tensor) -> Tensor { unary(braid_square, x) }
  /// Square root.
  public func sqrt(_ x: Tensor) -> Tensor { unary(braid_sqrt, x, fromOutput: true) }

  /// x times a number.
  public func scale(_ x: Tensor, by factor: Float) -> Tensor { affine(x, factor, 0) }
  /// x plus a number.
  public func addScalar(_ x: Tensor, _ term: Float) -> Tensor { affine(x, 1, term) }

  /// x stored as `type`; the gradient comes back in x's own type.
  public func cast(_ x: Tensor, to type: ElementType) -> Tensor {
    if x.type == type { return x }
    let y = x.converted(to: type)
    if records(x) {
      let from = Place(x)
      record(y) { [unowned self] g in accumulate(g, into: from) }
    } else if let source = remakes[x.id] {
      remakes[y.id] = Remake(stays: false) { source.values().converted(to: type) }
    }
    return y
  }

  /// `fromOutput`: the slope follows from the function's value, so the input need not be kept.
  private func unary(_ op: Int, _ x: Tensor, fromOutput: Bool = false) -> Tensor {
    let y = Tensor(x.shape, x.type) { y in
      reading(x) { braid_unary(Int32(op), x.type.code, Int64(x.count), $0, y) }
    }
    if records(x) {
      let (kept, from) = (fromOutput ? y : x, Place(x))
      record(y) { [unowned self] g in
        accumulate(slope(Int32(op), at: kept, times: g), into: from)
      }
    }
    return y
  }

  /// g f'(·), from the input or the output as the operator wants it.
  func slope(_ op: Int32, at kept: Tensor, times g: Tensor) -> Tensor {
    Tensor(g.shape, g.type) { out in
      reading(kept, g) { braid_unary_backward(op, g.type.code, Int64(g.count), $0, $1, out) }
    }
  }

  private func affine(_ x: Tensor, _ factor: Float, _ term: Float) -> Tensor {
    let y = scaled(x, factor, term)
    if records(x) {
      let from = Place(x)
      record(y) { [unowned self] g in accumulate(factor == 1 ? g : scaled(g, factor, 0), into: from) }
    }
    return y
  }

  func scaled(_ x: Tensor, _ factor: Float, _ term: Float) -> Tensor {
    Tensor(x.shape, x.type) { y in
      reading(x) { braid_affine(x.type.code, Int64(x.count), $0, factor, term, y) }
    }
  }
}
