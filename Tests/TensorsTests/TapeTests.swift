import Foundation
import Tensors
import Testing

/// What a tape keeps, forgets and refuses to mix up; memory; threads; determinism.
@Suite struct TapeTests {
  @Test func onlyWatchedTensorsHaveGradients() {
    let (x, w) = (Tensor([1, 2], shape: [2]), Tensor([3, 4], shape: [2]))
    let tape = Tape()
    tape.watch(w)
    let y = tape.multiply(x, w)
    tape.backward(from: tape.sum(y))
    #expect(tape.gradient(of: w)?.floats() == [1, 2])
    #expect(tape.gradient(of: x) == nil)
    #expect(tape.gradient(of: y) == nil)
  }

  @Test func aTensorThatDidNotMatterHasNoGradient() {
    let (x, other) = (Tensor([1, 2], shape: [2]), Tensor([3, 4], shape: [2]))
    let tape = Tape()
    tape.watch(x)
    tape.watch(other)
    _ = tape.square(other)
    tape.backward(from: tape.sum(tape.square(x)))
    #expect(tape.gradient(of: x)?.floats() == [2, 4])
    #expect(tape.gradient(of: other) == nil)
  }

  @Test func nothingFlowsThroughADetachedTensor() {
    let x = Tensor([2, 3], shape: [2])
    let tape = Tape()
    tape.watch(x)
    let y = tape.multiply(tape.detached(x), x)
    #expect(y.floats() == [4, 9])
    tape.backward(from: tape.sum(y))
    #expect(tape.gradient(of: x)?.floats() == [2, 3])
  }

  @Test func severalOutputsAddUp() {
    let x = Tensor([1, 2, 3], shape: [3])
    let tape = Tape()
    tape.watch(x)
    let (a, b) = (tape.square(x), tape.scale(x, by: 3))
    tape.backward(from: [
      (a, Tensor([1, 0, 2], shape: [3])), (b, Tensor([0, 1, 1], shape: [3])),
      (b, Tensor(repeating: 1, shape: [3])),
    ])
    #expect(tape.gradient(of: x)?.floats() == [5, 6, 18])
  }

  @Test func aGivenGradientIsNotWrittenTo() {
    let x = Tensor([1, 2], shape: [2])
    let given = Tensor([5, 7], shape: [2])
    let tape = Tape()
    tape.watch(x)
    // x's gradient starts as the very tensor given, then has more added.
    tape.backward(from: [
      (x, given), (tape.scale(x, by: 2), given),
      (tape.slice(x, axis: 0, from: 1, count: 1), Tensor([1], shape: [1])),
    ])
    #expect(given.floats() == [5, 7])
    #expect(tape.gradient(of: x)?.floats() == [15, 22])
  }

  @Test func aWatchedTensorInTheMiddleKeepsItsGradient() {
    let x = Tensor([1, 2], shape: [2])
    let tape = Tape()
    tape.watch(x)
    let y = tape.square(x)
    tape.watch(y)
    tape.backward(from: tape.sum(tape.square(y)))
    #expect(tape.gradient(of: y)?.floats() == [2, 8])
    #expect(tape.gradient(of: x)?.floats() == [4, 32])
  }

  @Test func inferenceRecordsNothing() {
    let x = Tensor([1, 2], shape: [2])
    let tape = Tape(.inference)
    tape.watch(x)
    var rng = TestGenerator(1)
    #expect(tape.dropout(x, rate: 0.9, using: &rng).floats() == [1, 2])
    #expect(tape.dropPath(x, rate: 0.9, using: &rng).floats() == [1, 2])
    #expect(tape.gelu(x).count == 2)
    #expect(tape.gradient(of: x) == nil)
  }

  @Test func maskedRowsAndEmptyMasksGiveZero() {
    var rng = TestGenerator(2)
    let (q, k, v) = (rng.tensor([2, 3, 4]), rng.tensor([2, 5, 4]), rng.tensor([2, 5, 4]))
    let mask = Tensor([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], shape: [2, 5])
    let tape = Tape()
    for t in [q, k, v] { tape.watch(t) }
    let y = tape.attention(q, k, v, heads: 2, keyMask: mask)
    let first = Array(v.floats()[0..<4])
    let wanted = first + first + first
    #expect(zip(y.floats(), wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(y.floats()[12...].allSatisfy { $0 == 0 })
    tape.backward(from: tape.sum(y))
    for t in [q, k, v] {
      let gradient = tape.gradient(of: t)?.floats() ?? [.nan]
      #expect(gradient.allSatisfy { $0.isFinite })
    }
  }

  /// Large scores are worked on a few samples at a time: each sample must come out as it does alone.
  @Test(arguments: [ElementType.f32, .bf16])
  func samplesOfALargeAttentionStayApart(_ precision: ElementType) throws {
    var rng = TestGenerator(12)
    let (batch, tokens, width) = (5, 230, 16)
    let all = (0..<3).map { _ in rng.tensor([batch, tokens, width]) }
    let weights = rng.tensor([batch, tokens, width])
    let mask = Tensor(
      (0..<batch * tokens).map { _ in Float.random(in: 0...1, using: &rng) < 0.7 ? 1 : 0 },
      shape: [batch, tokens])
    func run(_ parts: [Tensor], _ mask: Tensor, _ weights: Tensor) throws -> [[Float]] {
      let tape = Tape(precision: precision)
      for part in parts { tape.watch(part) }
      let y = tape.attention(parts[0], parts[1], parts[2], heads: 4, keyMask: mask)
      let quick = Tape(.inference, precision: precision)
      #expect(quick.attention(parts[0], parts[1], parts[2], heads: 4, keyMask: mask).floats() == y.floats())
      tape.backward(from: tape.sum(tape.multiply(y, weights)))
      return try [y.floats()] + parts.map { try #require(tape.gradient(of: $0)).floats() }
    }
    let together = try run(all, mask, weights)
    let cut = Tape(.inference)
    for sample in 0..<batch {
      func one(_ x: Tensor) -> Tensor { cut.slice(x, axis: 0, from: sample, count: 1) }
      let alone = try run(all.map(one), one(mask), one(weights))
      for (a, b) in zip(together, alone) {
        let part = a[sample * b.count..<(sample + 1) * b.count]
        let gap = zip(part, b).map { abs($0 - $1) }.max() ?? 1
        #expect(gap < 1e-5 && b.contains { $0 != 0 })
      }
    }
  }

  @Test func numbersThatAreNoneStayVisible() {
    let tape = Tape(.inference)
    for n in [3, 16, 40] {
      var values = [Float](repeating: 0.5, count: n)
      values[n / 2] = .nan
      let x = Tensor(values, shape: [1, n])
      let results = [
        tape.softmax(x), tape.gelu(x), tape.exp(x), tape.relu(x),
        tape.layerNorm(x, weight: x.reshaped([n]), bias: x.reshaped([n])),
      ]
      for y in results {
        #expect(y.floats().contains { $0.isNaN })
      }
      let q = Tensor(repeating: 1, shape: [1, 2, 1])
      let mixed = tape.attention(q, x.reshaped([1, n, 1]), Tensor(repeating: 1, shape: [1, n, 1]), heads: 1)
      #expect(mixed.floats().allSatisfy { $0.isNaN })
    }
  }

  @Test func droppingKeepsTheMeanAndTheShare() {
    let x = Tensor(repeating: 2, shape: [100, 1000])
    var rng = TestGenerator(8)
    let y = Tape().dropout(x, rate: 0.3, using: &rng).floats()
    let dropped = Double(y.count { $0 == 0 }) / Double(y.count)
    #expect(abs(dropped - 0.3) < 0.01)
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 2 / 0.7) < 1e-5 })
    let again = Tape().dropout(x, rate: 0.3, using: &rng).floats()
    #expect(zip(y, again).contains { ($0 == 0) != ($1 == 0) })
    let paths = Tape().dropPath(x, rate: 0.5, using: &rng)
    for row in 0..<100 {
      let values = Set(paths.floats()[row * 1000..<(row + 1) * 1000])
      #expect(values == [0] || values == [4])
    }
  }

  @Test func everyBitOfTheSeedCounts() {
    struct Fixed: RandomNumberGenerator {
      let value: UInt64
      func next() -> UInt64 { value }
    }
    let x = Tensor(repeating: 1, shape: [500])
    let patterns = [0, 1, 1 << 31, 1 << 32, 1 << 63].map { (seed: UInt64) in
      var rng = Fixed(value: seed)
      return Tape().dropout(x, rate: 0.5, using: &rng).floats()
    }
    #expect(Set(patterns).count == patterns.count)
  }

  @Test func writingInPlaceLeavesCopiesAlone() {
    var a = Tensor([1, 2, 3], shape: [3])
    let b = a
    let flat = a.reshaped([3, 1])
    a.withUnsafeMutableFloats { $0[0] = 9 }
    #expect(a.floats() == [9, 2, 3])
    #expect(b.floats() == [1, 2, 3])
    #expect(flat.floats() == [1, 2, 3])
    #expect(a.id != b.id)
  }

  /// In inference weights are laid out for products at their first use; the results stay those of training.
  @Test(arguments: [ElementType.f32, .bf16])
  func weightsLaidOutOnceGiveTheSameResults(_ precision: ElementType) {
    var rng = TestGenerator(10)
    for (inputs, outputs) in [(96, 200), (33, 17), (64, 1)] {
      var w = rng.tensor([outputs, inputs])
      let b = rng.tensor([outputs])
      for rows in [1, 5, 70] {
        let x = rng.tensor([rows, inputs])
        func both() -> ([Float], [Float]) {
          let training = Tape(precision: precision)
          training.watch(w)
          let a = training.linear(x, weight: w, bias: b, activation: .relu)
          return (
            a.floats(),
            Tape(.inference, precision: precision).linear(x, weight: w, bias: b, activation: .relu).floats()
          )
        }
        for _ in 0..<2 {
          let (a, b) = both()
          #expect(a.contains { $0 != 0 })
          let gap = zip(a, b).map { abs($0 - $1) }.max() ?? 1
          #expect(gap < (precision == .f32 ? 1e-4 : 0.1))
          // The layout follows when the values are written over in place.
          w.withUnsafeMutableFloats { $0[0] += 3 }
        }
      }
    }
  }

  @Test func anEmptyBatchHasZeroGradients() {
    let w = Tensor(repeating: 1, shape: [3, 2])
    let tape = Tape()
    tape.watch(w)
    tape.backward(from: tape.sum(tape.linear(Tensor(zeros: [0, 2]), weight: w)))
    #expect(tape.gradient(of: w)?.floats() == [Float](repeating: 0, count: 6))
  }

  @Test func transposesOfEveryOrderUndoThemselves() {
    var rng = TestGenerator(9)
    let x = rng.tensor([2, 3, 4, 5])
    let tape = Tape(.inference)
    for axes in [[0, 2, 1, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
      let y = tape.transpose(x, axes: axes)
      #expect(y.shape == axes.map { x.shape[$0] })
      var back = axes
      for (place, axis) in axes.enumerated() { back[axis] = place }
      #expect(tape.transpose(y, axes: back).floats() == x.floats())
    }
  }

  /// One training step of a small network; its gradients as bits.
  private static func step(_ seed: UInt64, _ precision: ElementType) -> [UInt32] {
    var rng = TestGenerator(seed)
    let (x, w, u) = (rng.tensor([6, 10, 32]), rng.tensor([96, 32]), rng.tensor([32, 32]))
    let tape = Tape(precision: precision)
    for t in [x, w, u] { tape.watch(t) }
    let wide = tape.linear(x, weight: w, activation: .gelu)
    let parts = (0..<3).map { tape.slice(wide, axis: 2, from: 32 * $0, count: 32) }
    let y = tape.linear(tape.attention(parts[0], parts[1], parts[2], heads: 4), weight: u)
    tape.backward(from: tape.mean(tape.square(y)))
    return [x, w, u].flatMap { tape.gradient(of: $0)?.floats().map(\.bitPattern) ?? [] }
  }

  @Test(arguments: [ElementType.f32, .bf16])
  func severalThreadsGiveTheBitsOfOne(_ precision: ElementType) async {
    let alone = (0..<8).map { Self.step(UInt64($0), precision) }
    let wanted = 6 * 10 * 32 + 96 * 32 + 32 * 32
    #expect(alone[0].count == wanted)
    for _ in 0..<4 {
      let together = await withTaskGroup(of: (Int, [UInt32]).self) { group in
        for n in 0..<8 { group.addTask { (n, Self.step(UInt64(n), precision)) } }
        return await group.reduce(into: [Int: [UInt32]]()) { $0[$1.0] = $1.1 }
      }
      for n in 0..<8 { #expect(together[n] == alone[n]) }
    }
  }

  @Test func memoryDoesNotGrowWithSteps() async {
    func rounds(_ count: Int) async {
      for n in 0..<count {
        // Made on one thread, dropped on another.
        async let bits = Task.detached { Self.step(UInt64(n), .f32) }.value
        let tensor = await Task.detached { Tensor(repeating: 1, shape: [1 << 18]) }.value
        _ = await (bits, tensor.count)
      }
    }
    await rounds(20)
    let before = TensorMemory.held
    await rounds(200)
    // Other suites run beside this one; without reuse, 200 rounds would take over 200 MB.
    let grown = TensorMemory.held - before
    #expect(grown < 100_000_000)
  }
}
