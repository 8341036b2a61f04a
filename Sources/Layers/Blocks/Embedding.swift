import Tensors

/// A table of vectors, looked up by index.
public struct Embedding: Layer {
  /// One row an entry, `[count, width]`.
  public var weight: Tensor  // [count, width]

  /// Normal with deviation 0.02.
  public init(_ count: Int, width: Int, using rng: inout some RandomNumberGenerator) {
    weight = Tensor([count, width], drawnFrom: &rng) { 0.02 * $0.normal() }
  }

  /// - Parameter indices: row-major, as many as the product of `shape`.
  /// - Returns: `shape + [width]`.
  public func callAsFunction(_ indices: [Int], shape: [Int], on tape: Tape) -> Tensor {
    tape.gather(weight, indices: indices, shape: shape)
  }

  /// Visits every parameter by its name.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try visitor.visit("\(prefix).weight", &weight)
  }
}
