import Tensors

/// A linear map that stays as it is, and a low-rank pair that is trained beside it (Hu et al. 2021).
public struct LowRankLinear: Projection {
  /// The map that stays.
  public var base: Linear
  /// What is added to it.
  public var pair: LowRankPair
  /// Share of the pair's input that is dropped, in training.
  public var dropout: Float
  /// Unlike that of any other pair of a model, so that each drops in its own way.
  public let number: Int

  /// - Precondition: the pair's sizes are those of the map.
  public init(_ base: Linear, pair: LowRankPair, dropout: Float = 0, number: Int = 0) {
    precondition(
      base.weight.shape == [pair.b.shape[0], pair.a.shape[1]],
      "A pair of \(pair.a.shape) and \(pair.b.shape) for weights of \(base.weight.shape).")
    (self.base, self.pair, self.dropout, self.number) = (base, pair, dropout, number)
  }

  /// `[…, in]` to `[…, out]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape, activation: Activation) -> Tensor {
    let sum = tape.add(base(x, on: tape, activation: .none), low(x, on: tape))
    return switch activation {
    case .none: sum
    case .gelu: tape.gelu(sum)
    case .relu: tape.relu(sum)
    case .silu: tape.silu(sum)
    case .quickGelu: tape.quickGelu(sum)
    }
  }

  /// The result and `residual`, added.
  public func callAsFunction(_ x: Tensor, adding residual: Tensor, on tape: Tape) -> Tensor {
    tape.add(base(x, adding: residual, on: tape), low(x, on: tape))
  }

  /// The pair's part. Chance follows from the tape's seed, so that a batch that goes through in parts gets what it
  /// gets whole.
  private func low(_ x: Tensor, on tape: Tape) -> Tensor {
    var rng = SeededGenerator(seed: tape.seed).split(number)
    let kept = dropout > 0 ? tape.dropout(x, rate: dropout, using: &rng) : x
    let narrow = tape.linear(kept, weight: pair.a)
    return tape.linear(tape.scale(narrow, by: pair.scale), weight: pair.b)
  }

  /// One map that does the work of both.
  public var merged: Linear {
    var merged = base
    merged.weight = Tape(.inference).add(base.weight, pair.product)
    return merged
  }

  /// The map that does the work of both, with weights of 8 bits.
  public func rounded() -> any Projection { merged.rounded() }

  /// Visits every parameter by its name: those of the map under its own names, then the pair.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try base.walk(prefix, &visitor)
    try visitor.visit("\(prefix).loraA", &pair.a)
    try visitor.visit("\(prefix).loraB", &pair.b)
  }
}
