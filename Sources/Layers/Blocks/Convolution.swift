import Tensors

/// Convolution with channels last; a series is an image of height 1.
public struct Convolution: Layer {
  /// `[out, kernel height, kernel width, in / groups]`.
  public var weight: Tensor  // [out, kernel height, kernel width, in / groups]
  /// `[out]`; nil for none.
  public var bias: Tensor?  // [out]
  /// Rows and columns from one place to the next.
  public var stride: (Int, Int)
  /// Rows and columns of zeros on each side.
  public var padding: (Int, Int)
  /// Parts into which channels are split.
  public var groups: Int

  /// Normal with deviation √(2 / fan in) (He et al. 2015), biases zero.
  public init(
    _ inputs: Int, to outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    padding: (Int, Int) = (0, 0), groups: Int = 1, bias: Bool = true,
    using rng: inout some RandomNumberGenerator
  ) {
    let fan = kernel.0 * kernel.1 * inputs / groups
    let deviation = (2 / Float(fan)).squareRoot()
    weight = Tensor([outputs, kernel.0, kernel.1, inputs / groups], drawnFrom: &rng) {
      deviation * $0.normal()
    }
    self.bias = bias ? Tensor(zeros: [outputs]) : nil
    (self.stride, self.padding, self.groups) = (stride, padding, groups)
  }

  /// - Parameter x: `[batch, height, width, in]`.
  /// - Returns: `[batch, height', width', out]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.convolution(x, weight: weight, bias: bias, stride: stride, padding: padding, groups: groups)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).weight", &weight)
    if var bias {
      try visitor.visit("\(prefix).bias", &bias)
      self.bias = bias
    }
  }
}
