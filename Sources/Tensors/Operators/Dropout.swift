import COneDNN

/// Random silence in training; nothing in inference. One number drawn from the generator decides all.
extension Tape {
  /// Each element 0 with probability `rate`, else scaled by 1 / (1 - rate) (Srivastava et al. 2014).
  public func dropout(_ x: Tensor, rate: Float, using rng: inout some RandomNumberGenerator) -> Tensor {
    precondition(rate >= 0 && rate < 1, "A dropout rate lies in 0..<1, not \(rate).")
    if mode == .inference || rate == 0 { return x }
    let (seed, samples) = (rng.next(), samples)
    let y = dropped(x, rate, seed, samples)
    // The same seed drops the same elements of the gradient, so no mask is kept.
    if records(x) {
      let place = Place(x)
      record(y) { [unowned self] g in accumulate(dropped(g, rate, seed, samples), into: place) }
    }
    return y
  }

  /// Each sample (place along the first axis) 0 with probability `rate`, else scaled by 1 / (1 - rate):
  /// stochastic depth (Huang et al. 2016).
  public func dropPath(_ x: Tensor, rate: Float, using rng: inout some RandomNumberGenerator) -> Tensor {
    precondition(rate >= 0 && rate < 1 && x.rank > 0, "dropPath: rate \(rate) on \(x.shape).")
    if mode == .inference || rate == 0 { return x }
    let ones = Tensor(repeating: 1, shape: [x.shape[0]] + Array(repeating: 1, count: x.rank - 1))
    return multiply(x, dropped(ones, rate, rng.next(), samples).converted(to: x.type))
  }

  private func dropped(_ x: Tensor, _ rate: Float, _ seed: UInt64, _ samples: Range<Int>?) -> Tensor {
    Tensor(x.shape, x.type) { y in
      reading(x) { from in
        guard let samples, let rows = x.shape.first, rows > 0 else {
          return braid_dropout(x.type.code, Int64(x.count), from, rate, seed, y)
        }
        // A seed of its own for each place along the first axis, of which a sample may have several (its frames).
        let width = x.count / rows, start = samples.lowerBound * rows / max(1, samples.count)
        for row in 0..<rows {
          let at = row * width * x.type.size
          braid_dropout(
            x.type.code, Int64(width), from + at, rate,
            seed ^ UInt64(truncatingIfNeeded: start + row) &* 0xD134_2543_DE82_EF95, y + at)
        }
      }
    }
  }
}
