import COneDNN

/// Losses: f32 scalars, means weighted by `weights` (all 1 without). Where the weights sum to 0, so do loss and
/// gradient. No gradient flows to targets and weights.
extension Tape {
  /// -Σ target ln softmax(logits), mean over rows: logits and targets (probabilities) `[N, C]`, weights N.
  public func crossEntropy(_ logits: Tensor, targets: Tensor, weights: [Float]? = nil) -> Tensor {
    precondition(
      logits.rank == 2 && targets.shape == logits.shape
        && (weights?.count ?? logits.shape[0]) == logits.shape[0],
      "crossEntropy: logits \(logits.shape), targets \(targets.shape), \(weights?.count ?? 0) weights.")
    let perRow = weights.map { Tensor($0, shape: [$0.count]) }
    return loss(logits, targets, perRow) { x, t, w, gradient in
      braid_cross_entropy(Int64(logits.shape[0]), Int64(logits.shape[1]), x, t, w, gradient)
    }
  }

  /// Cross-entropy of σ(logits) with targets in 0...1, mean over elements; weights of the same shape.
  public func binaryCrossEntropy(_ logits: Tensor, targets: Tensor, weights: Tensor? = nil) -> Tensor {
    precondition(
      targets.shape == logits.shape && (weights?.shape ?? logits.shape) == logits.shape,
      "binaryCrossEntropy: logits \(logits.shape), targets \(targets.shape), weights \(weights?.shape ?? [])."
    )
    return loss(logits, targets, weights) { x, t, w, gradient in
      braid_binary_cross_entropy(Int64(logits.count), x, t, w, gradient)
    }
  }

  /// Half the squared error up to `delta`, linear beyond (Huber 1964), mean over elements; weights of the same
  /// shape.
  public func huber(_ x: Tensor, target: Tensor, delta: Float = 1, weights: Tensor? = nil) -> Tensor {
    precondition(
      target.shape == x.shape && (weights?.shape ?? x.shape) == x.shape,
      "huber: x \(x.shape), target \(target.shape), weights \(weights?.shape ?? []).")
    return loss(x, target, weights) { x0, t, w, gradient in
      braid_huber(Int64(x.count), x0, t, delta, w, gradient)
    }
  }

  private typealias Pointer = UnsafeMutablePointer<Float>

  private func loss(
    _ x: Tensor, _ target: Tensor, _ weights: Tensor?,
    _ kernel: (Pointer, Pointer, Pointer?, Pointer?) -> Float
  ) -> Tensor {
    let (x32, t32, w32) = (x.converted(to: .f32), target.converted(to: .f32), weights?.converted(to: .f32))
    func run(_ out: Pointer?) -> Float {
      withExtendedLifetime(w32) {
        reading(x32, t32) { kernel($0.floats, $1.floats, w32?.storage.pointer.floats, out) }
      }
    }
    guard records(x) else { return .scalar(run(nil)) }
    var value: Float = 0
    let slope = Tensor(x.shape, .f32) { value = run($0.floats) }
    let y = Tensor.scalar(value)
    record(y) { [unowned self] g in
      let factor = g.item
      accumulate(factor == 1 ? slope : scaled(slope, factor, 0), into: x)
    }
    return y
  }
}
