import Tensors
import Testing

/// The feed-forward operator against two linear maps on the tape, over more rows than it works on at once.
@Suite struct FeedForwardTests {
  @Test(arguments: [Activation.none, .gelu, .relu, .silu, .quickGelu])
  func valuesAndGradientsAreThoseOfTwoLinearMaps(activation: Activation) throws {
    var rng = TestGenerator(31)
    let (w1, b1, w2, b2) = (rng.tensor([24, 10]), rng.tensor([24]), rng.tensor([10, 24]), rng.tensor([10]))
    let (x, weight, bias) = (rng.tensor([3, 200, 10]), rng.tensor([10]), rng.tensor([10]))
    let r = rng.tensor([3, 200, 10])
    let watched = [w1, b1, w2, b2, x, weight, bias]
    func run(_ body: (Tape, Tensor) -> Tensor) throws -> [[Float]] {
      let tape = Tape()
      for tensor in watched { tape.watch(tensor) }
      let y = body(tape, tape.layerNorm(x, weight: weight, bias: bias))
      tape.backward(from: tape.sum(tape.multiply(y, r)))
      return try [y.floats()] + watched.map { try #require(tape.gradient(of: $0)).floats() }
    }
    let whole = try run { tape, n in
      tape.feedForward(
        n, expand: LinearWeights(w1, b1), contract: LinearWeights(w2, b2), activation: activation, adding: x)
    }
    let parts = try run { tape, n in
      let hidden = tape.linear(n, weight: w1, bias: b1)
      let active =
        switch activation {
        case .none: hidden
        case .gelu: tape.gelu(hidden)
        case .relu: tape.relu(hidden)
        case .silu: tape.silu(hidden)
        case .quickGelu: tape.quickGelu(hidden)
        }
      return tape.add(x, tape.linear(active, weight: w2, bias: b2))
    }
    for (found, wanted) in zip(whole, parts) {
      let size = wanted.map(abs).max() ?? 0
      let gap = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(gap < 1e-5 * max(1, size), "\(gap) of \(size)")
    }
  }

  @Test func frozenWeightsGetNoGradientAndInputsStillDo() throws {
    var rng = TestGenerator(32)
    let (w1, w2, x) = (rng.tensor([8, 6]), rng.tensor([6, 8]), rng.tensor([5, 6]))
    let tape = Tape()
    tape.watch(x)
    let y = tape.feedForward(
      x, expand: LinearWeights(w1, nil), contract: LinearWeights(w2, nil), activation: .gelu)
    tape.backward(from: tape.sum(y))
    #expect(tape.gradient(of: w1) == nil && tape.gradient(of: w2) == nil)
    #expect(try #require(tape.gradient(of: x)).floats().contains { $0 != 0 })
  }
}
