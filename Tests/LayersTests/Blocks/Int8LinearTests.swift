import Layers
import Tensors
import Testing

/// Layers with weights of 8 bits against the same layers in f32.
@Suite struct Int8LinearTests {
  private func gap(_ a: Tensor, _ b: Tensor) -> Float {
    var (gap, size): (Float, Float) = (0, 0)
    for (x, y) in zip(a.floats(), b.floats()) { (gap, size) = (gap + (x - y) * (x - y), size + y * y) }
    return (gap / size).squareRoot()
  }
  private func normal(_ shape: [Int], _ rng: inout SeededGenerator) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in rng.normal() }, shape: shape)
  }

  @Test func aLinearMapStaysWithinAPercent() {
    var rng = SeededGenerator(seed: 4)
    let linear = Linear(192, to: 70, using: &rng)
    let x = normal([3, 50, 192], &rng)
    let tape = Tape(.inference)
    let found = Int8Linear(linear)(x, on: tape)
    #expect(found.shape == [3, 50, 70])
    let gap = gap(found, linear(x, on: tape))
    #expect(gap > 1e-4 && gap < 0.012, "\(gap)")
  }

  @Test(arguments: [TransformerBlock.NormOrder.before, .after])
  func aBlockStaysNearAndKeepsItsContext(order: TransformerBlock.NormOrder) {
    var rng = SeededGenerator(seed: 5)
    let block = TransformerBlock(64, hidden: 128, heads: .fixed(2), context: 48, order: order, using: &rng)
    let (x, context) = (normal([2, 30, 64], &rng), normal([2, 9, 48], &rng))
    let options = TransformerBlock.Options(causal: true, context: context)
    let tape = Tape(.inference)
    let exact = block(x, options, on: tape, using: &rng)
    let rounded = block.rounded()
    let found = rounded(x, options, on: tape, using: &rng)
    let gap = gap(found, exact)
    #expect(gap > 1e-4 && gap < 0.015, "\(gap)")
    // Norms stay parameters; what is in 8 bits is none.
    #expect(rounded.parameters("").count == 6)
  }
}
