import Foundation
import Tensors
import Testing

/// Linear maps in 8 bits against NumPy's integers, and against f32.
@Suite struct IntegerTests {
  private struct Case: Decodable {
    let x, weight, bias, limit127, limit63: ReferenceCase.Array
  }

  @Test func productsMatchNumPy() throws {
    let url = try #require(
      Bundle.module.url(forResource: "integers", withExtension: "json", subdirectory: "Fixtures"))
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    #expect(cases.count == 3)
    for each in cases {
      let map = IntegerMap(each.weight.tensor, bias: each.bias.tensor)
      let wanted = IntegerMap.limit == 127 ? each.limit127 : each.limit63
      let found = Tape(.inference).linear(each.x.tensor, map)
      #expect(found.shape == wanted.shape)
      let gap = zip(found.floats(), wanted.values).map { abs($0 - $1) }.max() ?? .infinity
      // A rounding that falls the other way would be a step of 0.02.
      #expect(gap < 2e-5, "\(each.x.shape): \(gap)")
    }
  }

  @Test func oneRoundingServesSeveralMapsAndResidualsAreAdded() {
    var rng = TestGenerator(21)
    let x = rng.tensor([2, 35, 24])
    let maps = [16, 40].map { IntegerMap(rng.tensor([$0, 24]), bias: nil) }
    let tape = Tape(.inference)
    let both = tape.linear(x, maps)
    for (map, found) in zip(maps, both) { #expect(found.floats() == tape.linear(x, map).floats()) }
    let residual = rng.tensor([2, 35, 16])
    let added = tape.linear(x, maps[0], adding: residual)
    #expect(added.floats() == zip(both[0].floats(), residual.floats()).map { $0 + $1 })
  }

  @Test func feedForwardPartsComeNearF32() {
    var rng = TestGenerator(22)
    let (x, up, down) = (rng.tensor([100, 32]), rng.tensor([96, 32]), rng.tensor([32, 96]))
    let (b1, b2) = (rng.tensor([96]), rng.tensor([32]))
    let tape = Tape(.inference)
    let (expand, contract) = (IntegerMap(up, bias: b1), IntegerMap(down, bias: b2))
    for activation in [Activation.none, .gelu, .relu, .silu, .quickGelu] {
      let found = tape.feedForward(x, expand: expand, contract: contract, activation: activation, adding: x)
      let exact = tape.add(
        x, tape.linear(tape.linear(x, weight: up, bias: b1, activation: activation), weight: down, bias: b2))
      let gap = relative(found, exact)
      #expect(gap < 0.01, "\(activation): \(gap)")
      // It is in 8 bits indeed.
      #expect(gap > 1e-4)
    }
  }

  @Test func rowsOfOneValueAreExactAndNoNumbersShow() {
    let w = Tensor([1, -1, 0.5, 0.25], shape: [2, 2])
    let y = Tape(.inference).linear(
      Tensor([3, 3, .nan, 1, .infinity, 1, 0, 0], shape: [4, 2]), IntegerMap(w, bias: nil)
    ).floats()
    let step = Float(1) / Float(IntegerMap.limit)
    #expect(abs(y[0]) < 1e-6 && abs(y[1] - 2.25) < 3 * step)
    #expect(y[2].isNaN && y[3].isNaN && y[4].isNaN && y[5].isNaN)
    #expect(y[6] == 0 && y[7] == 0)
  }

  @Test func coarseAttentionComesNearF32() {
    var rng = TestGenerator(23)
    for (queries, keys, heads, causal) in [
      (7, 19, 2, true), (40, 40, 3, false), (5, 3, 1, true), (1, 70, 2, false),
    ] {
      let width = heads * 20
      let (q, k, v) = (
        rng.tensor([2, queries, width]), rng.tensor([2, keys, width]), rng.tensor([2, keys, width])
      )
      let mask = Tensor((0..<2 * keys).map { $0 % 3 == 1 ? 0 : 1 }, shape: [2, keys])
      let tape = Tape(.inference)
      let found = tape.attention(q, k, v, heads: heads, keyMask: mask, causal: causal, coarse: true)
      let exact = tape.attention(q, k, v, heads: heads, keyMask: mask, causal: causal)
      let gap = relative(found, exact)
      #expect(gap < 0.01, "\(queries) by \(keys): \(gap)")
    }
  }

  private func relative(_ a: Tensor, _ b: Tensor) -> Float {
    var (gap, size): (Float, Float) = (0, 0)
    for (x, y) in zip(a.floats(), b.floats()) { (gap, size) = (gap + (x - y) * (x - y), size + y * y) }
    return (gap / size).squareRoot()
  }
}
