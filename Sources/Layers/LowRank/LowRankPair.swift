import Tensors

/// What a linear map learns beside its own weights, as the product of two thin matrices: x Aᵀ Bᵀ times a scale
/// (Hu et al. 2021, "LoRA").
public struct LowRankPair: Sendable {
  /// `[rank, in]`.
  public var a: Tensor  // [rank, in]
  /// `[out, rank]`.
  public var b: Tensor  // [out, rank]
  /// Factor on the product: alpha / rank.
  public var scale: Float

  /// - Parameters:
  ///   - a: `[rank, in]`.
  ///   - b: `[out, rank]`.
  ///   - scale: factor on the product.
  public init(a: Tensor, b: Tensor, scale: Float) {
    precondition(
      a.rank == 2 && b.rank == 2 && a.shape[0] == b.shape[1],
      "A low-rank pair cannot be of \(a.shape) and \(b.shape).")
    (self.a, self.b, self.scale) = (a, b, scale)
  }

  /// A start that changes nothing: A uniform in ±1/√in (He et al. 2015 with a slope of √5, as PEFT draws it), B zero.
  public init(
    _ inputs: Int, to outputs: Int, rank: Int, scale: Float, using rng: inout some RandomNumberGenerator
  ) {
    let bound = 1 / Float(inputs).squareRoot()
    self.init(
      a: Tensor([rank, inputs], drawnFrom: &rng) { $0.uniform(-bound, bound) },
      b: Tensor(zeros: [outputs, rank]), scale: scale)
  }

  /// Number of rows of A.
  public var rank: Int { a.shape[0] }

  /// What the pair adds to the map's weights: scale B A, `[out, in]`.
  public var product: Tensor {
    let tape = Tape(.inference)
    return tape.scale(tape.matmul(b, a), by: scale)
  }
}
