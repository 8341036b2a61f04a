import Layers
import Tensors
import Testing

/// Layers whose weights are loaded next.
@Suite struct UnfilledTests {
  @Test func nothingIsDrawn() {
    var unfilled = Unfilled(), seeded = SeededGenerator(seed: 1), calls = 0
    let empty = Tensor([3, 4], drawnFrom: &unfilled) { _ in
      calls += 1
      return 1
    }
    #expect(calls == 0 && empty.shape == [3, 4])
    let full = Tensor([3, 4], drawnFrom: &seeded) { _ in
      calls += 1
      return Float(calls)
    }
    #expect(full.floats() == (1...12).map(Float.init))
  }

  @Test func loadingGivesTheSameLayer() throws {
    var seeded = SeededGenerator(seed: 7), unfilled = Unfilled()
    let drawn = TransformerBlock(8, hidden: 16, heads: .fixed(2), context: 8, using: &seeded)
    let empty = TransformerBlock(8, hidden: 16, heads: .fixed(2), context: 8, using: &unfilled)
    let values = Dictionary(uniqueKeysWithValues: drawn.parameters("block"))
    let loaded = try empty.loading(values, prefix: "block")
    for (a, b) in zip(drawn.parameters("block"), loaded.parameters("block")) {
      #expect(a.name == b.name && a.tensor.floats() == b.tensor.floats())
    }
    #expect(throws: LoadingProblems.self) {
      try empty.loading(values.filter { $0.key != "block.attention.query.weight" }, prefix: "block")
    }
  }
}
