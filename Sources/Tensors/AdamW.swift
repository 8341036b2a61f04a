import COneDNN

/// The numbers of one AdamW step (Loshchilov and Hutter 2019).
public struct AdamWStep: Sendable {
  /// Learning rate of this step.
  public var rate: Float
  /// Decay of the first and second moments.
  public var beta1: Float
  /// Decay of the second moment.
  public var beta2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// Weight decay, scaled by the rate.
  public var decay: Float
  /// Number of the step, from 1: the moments are corrected for their start at 0.
  public var step: Int
  /// The gradient is multiplied by this first, for clipping and averaging.
  public var gradientScale: Float

  /// A step with the paper's constants, unless others are given.
  public init(
    rate: Float, step: Int, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0,
    gradientScale: Float = 1
  ) {
    self.rate = rate
    self.step = step
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.gradientScale = gradientScale
  }

  /// Updates a parameter and its moments in place; all four f32 and of one shape.
  public func apply(to parameter: inout Tensor, gradient: Tensor, m: inout Tensor, v: inout Tensor) {
    precondition(
      gradient.shape == parameter.shape && m.shape == parameter.shape && v.shape == parameter.shape
        && step > 0,
      "AdamW: parameter \(parameter.shape), gradient \(gradient.shape), moments \(m.shape), \(v.shape), step \(step)."
    )
    parameter.withUnsafeMutableFloats { p in
      m.withUnsafeMutableFloats { m in
        v.withUnsafeMutableFloats { v in
          gradient.withUnsafeFloats { g in adamWStep(parameter: p, gradient: g, m: m, v: v, self) }
        }
      }
    }
  }
}

/// One AdamW step over buffers of equal length, in place.
public func adamWStep(
  parameter: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>,
  m: UnsafeMutableBufferPointer<Float>, v: UnsafeMutableBufferPointer<Float>, _ step: AdamWStep
) {
  precondition(
    gradient.count == parameter.count && m.count == parameter.count && v.count == parameter.count,
    "AdamW needs buffers of one length.")
  guard let p = parameter.baseAddress, let g = gradient.baseAddress, let m = m.baseAddress,
    let v = v.baseAddress
  else { return }
  braid_adamw(
    Int64(parameter.count), p, g, m, v, step.rate, step.beta1, step.beta2, step.epsilon, step.decay,
    1 - power(step.beta1, step.step), 1 - power(step.beta2, step.step), step.gradientScale)
}

extension Tensor {
  /// Adds the elements of `other`, both f32 and of one shape; in place where no other tensor shares the memory.
  public mutating func add(_ other: Tensor) {
    precondition(
      type == .f32 && other.type == .f32 && shape == other.shape, "add: \(shape) and \(other.shape).")
    let size = Int64(count)
    withUnsafeMutableFloats { sum in
      reading(other) { braid_add_into(0, 0, size, $0, UnsafeMutableRawPointer(sum.baseAddress!)) }
    }
  }

  /// Moves to keep times itself plus (1 - keep) times `other`, both f32 and of one shape; in place where no other
  /// tensor shares the memory.
  public mutating func blend(_ other: Tensor, keep: Float) {
    precondition(
      type == .f32 && other.type == .f32 && shape == other.shape, "blend: \(shape) and \(other.shape).")
    let size = Int64(count)
    withUnsafeMutableFloats { own in
      reading(other) { braid_blend(size, $0.floats, keep, own.baseAddress!) }
    }
  }

  /// Sum of the squares of f32 elements, added in double: for the norm of all gradients.
  public var sumOfSquares: Double {
    precondition(type == .f32, "A bf16 tensor has no floats to point at; convert it first.")
    return reading(self) { braid_sum_of_squares(Int64(count), $0.floats) }
  }
}

private func power(_ base: Float, _ exponent: Int) -> Float {
  var (result, square, rest) = (1.0, Double(base), exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return Float(result)
}
