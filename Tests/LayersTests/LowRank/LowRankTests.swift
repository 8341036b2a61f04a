import Layers
import Tensors
import Testing

@Suite("Low-rank pairs beside frozen maps")
struct LowRankTests {
  private static let width = 12, hidden = 20, rank = 3

  private static func tensor(_ shape: [Int], _ rng: inout SeededGenerator, _ size: Float = 1) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in size * rng.normal() }, shape: shape)
  }

  private static func block(_ order: TransformerBlock.NormOrder = .before) -> TransformerBlock {
    var rng = SeededGenerator(seed: 1)
    return TransformerBlock(width, hidden: hidden, heads: .fixed(3), order: order, using: &rng)
  }

  /// Pairs for every map of a block; B zero or drawn.
  private static func pairs(_ block: TransformerBlock, drawn: Bool, scale: Float = 0.7) -> [String:
    LowRankPair]
  {
    var rng = SeededGenerator(seed: 2)
    return Dictionary(
      uniqueKeysWithValues: block.linearMaps.map { name, map in
        var pair = LowRankPair(
          map.weight.shape[1], to: map.weight.shape[0], rank: rank, scale: scale, using: &rng)
        if drawn { pair.b = tensor(pair.b.shape, &rng, 0.3) }
        return (name, pair)
      })
  }

  private static func run(_ block: TransformerBlock, _ x: Tensor, on tape: Tape) -> [Float] {
    var rng = SeededGenerator(seed: 3)
    return block(x, .init(), on: tape, using: &rng).floats()
  }

  @Test("All maps of attention and feed-forward parts are found by name, and parameters keep theirs")
  func names() {
    let block = Self.block()
    #expect(
      block.linearMaps.map(\.name) == [
        ".attention.query", ".attention.key", ".attention.value", ".attention.out", ".feedForward.expand",
        ".feedForward.contract",
      ])
    let low = block.attaching(Self.pairs(block, drawn: true).filter { $0.key == ".attention.value" })
    let names = low.parameters("b").map(\.name)
    #expect(
      Set(names).subtracting(block.parameters("b").map(\.name)) == [
        "b.attention.value.loraA", "b.attention.value.loraB",
      ])
    #expect(low.lowRankPairs.map(\.name) == [".attention.value"])
    #expect(low.mergingPairs().parameters("b").map(\.name) == block.parameters("b").map(\.name))
  }

  @Test("A pair begins with A uniform in ±1/√in and B zero")
  func start() {
    var rng = SeededGenerator(seed: 4)
    let pair = LowRankPair(64, to: 5, rank: 50, scale: 2, using: &rng)
    let a = pair.a.floats(), bound: Float = 1 / 8
    #expect(pair.a.shape == [50, 64] && pair.b.shape == [5, 50] && pair.b.floats().allSatisfy { $0 == 0 })
    #expect(
      a.allSatisfy { abs($0) <= bound } && (a.max() ?? 0) > 0.99 * bound && (a.min() ?? 0) < -0.99 * bound)
    // The variance of a uniform distribution is a third of its bound's square.
    let variance = a.reduce(0) { $0 + $1 * $1 } / Float(a.count)
    #expect(abs(variance - bound * bound / 3) < 0.05 * bound * bound)
  }

  @Test(
    "With B zero the outputs are those of the base, bit for bit",
    arguments: [TransformerBlock.NormOrder.before, .after], [ElementType.f32, .bf16])
  func zero(_ order: TransformerBlock.NormOrder, _ precision: ElementType) {
    var rng = SeededGenerator(seed: 5)
    let x = Self.tensor([2, 7, Self.width], &rng), block = Self.block(order)
    let attention = Self.pairs(block, drawn: false).filter { $0.key.contains("attention") }
    let low = block.attaching(attention, dropout: 0.3)
    #expect(low.lowRankPairs.count == 4)
    for mode in [Tape.Mode.inference, .training] {
      let base = Self.run(block, x, on: Tape(mode, precision: precision))
      #expect(Self.run(low, x, on: Tape(mode, precision: precision)) == base)
    }
  }

  @Test("With B zero feed-forward parts answer as the base's single steps do, bit for bit")
  func zeroFeedForward() {
    var rng = SeededGenerator(seed: 5)
    let x = Self.tensor([2, 7, Self.width], &rng), block = Self.block()
    let pairs = Self.pairs(block, drawn: false).filter { $0.key.contains("feedForward") }
    let low = block.attaching(pairs).feedForward, base = block.feedForward
    let tape = Tape(.training)
    let hidden = base.expand(x, on: tape, activation: .gelu)
    #expect(low(x, on: tape).floats() == base.contract(hidden, on: tape).floats())
  }

  @Test("What a pair adds is the scale times x Aᵀ Bᵀ")
  func forward() {
    var rng = SeededGenerator(seed: 6)
    let map = Linear(4, to: 3, using: &rng)
    let a = Self.tensor([2, 4], &rng), b = Self.tensor([3, 2], &rng), x = Self.tensor([5, 4], &rng)
    let low = LowRankLinear(map, pair: LowRankPair(a: a, b: b, scale: 1.5))
    let (av, bv, xv) = (a.floats(), b.floats(), x.floats()), tape = Tape(.inference)
    let base = map(x, on: tape).floats(), found = low(x, on: tape).floats()
    for row in 0..<5 {
      for out in 0..<3 {
        var sum: Float = 0
        for place in 0..<2 {
          let narrow = (0..<4).reduce(Float(0)) { $0 + xv[row * 4 + $1] * av[place * 4 + $1] }
          sum += narrow * bv[out * 2 + place]
        }
        #expect(abs(found[row * 3 + out] - base[row * 3 + out] - 1.5 * sum) < 1e-5)
      }
    }
  }

  @Test(
    "Gradients of A, B and the input are finite differences; the frozen map has none",
    arguments: [Activation.none, .gelu, .relu, .silu, .quickGelu])
  func gradients(_ activation: Activation) throws {
    var rng = SeededGenerator(seed: 7)
    let map = Linear(4, to: 3, using: &rng)
    let parts = [Self.tensor([2, 4], &rng), Self.tensor([3, 2], &rng), Self.tensor([5, 4], &rng)]
    let weights = Self.tensor([5, 3], &rng)
    func output(_ parts: [Tensor], on tape: Tape) -> Tensor {
      LowRankLinear(map, pair: LowRankPair(a: parts[0], b: parts[1], scale: 1.5))(
        parts[2], on: tape, activation: activation)
    }
    func value(_ parts: [Tensor]) -> Double {
      zip(output(parts, on: Tape(.inference)).floats(), weights.floats()).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    let tape = Tape(.training)
    for part in parts { tape.watch(part) }
    tape.backward(from: [(output(parts, on: tape), weights)])
    #expect(tape.gradient(of: map.weight) == nil)
    for (index, part) in parts.enumerated() {
      let found = try #require(tape.gradient(of: part)).floats(), values = part.floats(), step: Float = 1e-2
      for place in values.indices {
        func moved(_ by: Float) -> Double {
          var others = parts, changed = values
          changed[place] += by
          others[index] = Tensor(changed, shape: part.shape)
          return value(others)
        }
        let numeric = Float((moved(step) - moved(-step)) / Double(2 * step))
        // relu bends at 0, where a step may cross.
        #expect(abs(found[place] - numeric) < (activation == .relu ? 0.2 : 5e-3), "\(index), \(place)")
      }
    }
  }

  @Test(
    "Merged pairs answer as they did beside their maps",
    arguments: [TransformerBlock.NormOrder.before, .after])
  func merged(_ order: TransformerBlock.NormOrder) {
    var rng = SeededGenerator(seed: 8)
    let x = Self.tensor([2, 7, Self.width], &rng), block = Self.block(order)
    let low = block.attaching(Self.pairs(block, drawn: true)), tape = Tape(.inference)
    let beside = Self.run(low, x, on: tape), merged = Self.run(low.mergingPairs(), x, on: tape)
    let base = Self.run(block, x, on: tape)
    #expect(low.mergingPairs().lowRankPairs.isEmpty)
    #expect(zip(beside, merged).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(beside, base).contains { abs($0 - $1) > 0.05 })
  }

  @Test("Rounding to 8 bits takes the pair along")
  func rounded() throws {
    try #require(IntegerMap.isSupported)
    var rng = SeededGenerator(seed: 9)
    let x = Self.tensor([2, 7, Self.width], &rng), block = Self.block()
    let low = block.attaching(Self.pairs(block, drawn: true)), tape = Tape(.inference)
    #expect(Self.run(low.rounded(), x, on: tape) == Self.run(low.mergingPairs().rounded(), x, on: tape))
  }

  @Test("Dropout falls on a pair's input only, by the tape's seed and the pair's number, in training")
  func dropout() {
    var rng = SeededGenerator(seed: 10)
    let map = Linear(8, to: 8, using: &rng), x = Self.tensor([6, 5, 8], &rng)
    let pair = LowRankPair(a: Self.tensor([4, 8], &rng), b: Self.tensor([8, 4], &rng), scale: 1)
    func run(_ low: LowRankLinear, seed: UInt64, _ mode: Tape.Mode = .training) -> [Float] {
      let tape = Tape(mode)
      tape.seed = seed
      return low(x, on: tape).floats()
    }
    let first = LowRankLinear(map, pair: pair, dropout: 0.5, number: 0)
    let second = LowRankLinear(map, pair: pair, dropout: 0.5, number: 1)
    let plain = run(LowRankLinear(map, pair: pair), seed: 1)
    #expect(run(first, seed: 1) == run(first, seed: 1) && run(first, seed: 1) != run(first, seed: 2))
    #expect(run(first, seed: 1) != run(second, seed: 1) && run(first, seed: 1) != plain)
    #expect(run(first, seed: 1, .inference) == run(LowRankLinear(map, pair: pair), seed: 1, .inference))
    // Everything dropped but the base: a rate near 1 leaves almost all elements as the base has them.
    let bare = run(LowRankLinear(map, pair: pair, dropout: 0.999, number: 0), seed: 1)
    let base = map(x, on: Tape(.training)).floats()
    #expect(zip(bare, base).count { $0 == $1 } > 200)
  }

  @Test("Trained and frozen parameters part, and only the trained ones are watched and replaced")
  func partition() throws {
    let block = Self.block(), low = block.attaching(Self.pairs(block, drawn: true))
    let partition = ParameterPartition(low, frozen: Set(block.parameters("").map(\.name)))
    #expect(partition.names.count == 12 && partition.names.allSatisfy { $0.contains(".lora") })
    var rng = SeededGenerator(seed: 12)
    let x = Self.tensor([2, 7, Self.width], &rng), tape = Tape(.training)
    partition.watch(low, on: tape)
    let y = low(x, .init(), on: tape, using: &rng)
    tape.backward(from: [(y, Self.tensor(y.shape, &rng))])
    for (name, tensor) in low.parameters("") {
      #expect((tape.gradient(of: tensor) != nil) == partition.names.contains(name), "\(name)")
    }
    let zeros = partition.trained(in: low).map { Tensor(zeros: $0.shape) }
    let changed = partition.replacing(in: low, with: zeros)
    for (old, new) in zip(low.parameters(""), changed.parameters("")) {
      let expected =
        partition.names.contains(old.name)
        ? [Float](repeating: 0, count: old.tensor.count) : old.tensor.floats()
      #expect(new.tensor.floats() == expected, "\(old.name)")
    }
  }
}
