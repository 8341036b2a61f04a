import COneDNN

/// Random silence in training; nothing in inference. One number drawn from the generator decides all.
extension Tape {
  /// Each element 0 with probability `rate`, else scaled by 1 / (1 - rate) (Srivastava et al. 2014).
  public func dropout(_ x: Tensor, rate: Float, using rng: inout some RandomNumberGenerator) -> Tensor {
    precondition(rate >= 0 && rate < 1, "A dropout rate lies in 0..<1, not \(rate).")
    if mode == .inference || rate == 0 { return x }
    let seed = rng.next()
    let y = dropped(x, rate, seed)
    // The same seed drops the same elements of the gradient, so no mask is kept.
    if records(x) { record(y) { [unowned self] g in accumulate(dropped(g, rate, seed), into: x) } }
    return y
  }

  /// Each sample (place along the first axis) 0 with probability `rate`, else scaled by 1 / (1 - rate):
  /// stochastic depth (Huang et al. 2016).
  public func dropPath(_ x: Tensor, rate: Float, using rng: inout some RandomNumberGenerator) -> Tensor {
    precondition(rate >= 0 && rate < 1 && x.rank > 0, "dropPath: rate \(rate) on \(x.shape).")
    if mode == .inference || rate == 0 { return x }
    let ones = Tensor(repeating: 1, shape: [x.shape[0]] + Array(repeating: 1, count: x.rank - 1))
    return multiply(x, dropped(ones, rate, rng.next()).converted(to: x.type))
  }

  private func dropped(_ x: Tensor, _ rate: Float, _ seed: UInt64) -> Tensor {
    Tensor(x.shape, x.type) { y in
      reading(x) { braid_dropout(x.type.code, Int64(x.count), $0, rate, seed, y) }
    }
  }
}
