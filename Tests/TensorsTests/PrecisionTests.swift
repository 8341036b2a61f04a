import Tensors
import Testing

/// bf16: conversion, what it is used for, and that gradients agree with f32's to its own precision.
@Suite struct PrecisionTests {
  @Test func conversionRoundsToNearestEven() {
    // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7; 1 + 3 2^-8 halfway to the even neighbour above.
    let values: [Float] = [1, 1.00390625, 1.01171875, 1.004, -1.004, 3.1415927, 0, -0.0, .infinity, 3.4e38]
    let wanted: [Float] = [1, 1, 1.015625, 1.0078125, -1.0078125, 3.140625, 0, -0.0, .infinity, .infinity]
    let found = Tensor(values, shape: [10]).converted(to: .bf16)
    #expect(found.type == .bf16)
    #expect(found.floats() == wanted)
    // The least bf16 is 2^-133; three quarters of it round up to it.
    let least = Float(bitPattern: 0x0001_0000)
    #expect(Tensor([least * 0.75], shape: [1]).converted(to: .bf16).item == least)
    #expect(Tensor([.nan], shape: [1]).converted(to: .bf16).item.isNaN)
    #expect(found.converted(to: .f32).floats() == found.floats())
  }

  @Test func longConversionsMatchShortOnes() {
    var rng = TestGenerator(3)
    let long = rng.tensor([1700], -1e3...1e3)
    let each = long.floats().map { Tensor([$0], shape: [1]).converted(to: .bf16).item }
    #expect(long.converted(to: .bf16).floats() == each)
  }

  @Test(.enabled(if: ElementType.hasFastBF16))  // Elsewhere a bf16 tape works in f32.
  func activationsAreBF16AndGradientsF32() throws {
    var rng = TestGenerator(4)
    let (x, w, b) = (rng.tensor([3, 8]), rng.tensor([5, 8]), rng.tensor([5]))
    let tape = Tape(precision: .bf16)
    for t in [x, w, b] { tape.watch(t) }
    let y = tape.linear(x, weight: w, bias: b, activation: .gelu)
    #expect(y.type == .bf16)
    let loss = tape.mean(tape.square(y))
    #expect(loss.type == .f32)
    tape.backward(from: loss)
    for t in [x, w, b] {
      let gradient = try #require(tape.gradient(of: t))
      #expect(gradient.type == .f32)
      #expect(gradient.shape == t.shape)
    }
  }

  @Test func withoutHardwareTheTapeIsF32() {
    #expect(Tape(precision: .bf16).precision == (ElementType.hasFastBF16 ? .bf16 : .f32))
    // A tensor stored as bf16 serves on any tape.
    let x = Tensor([1, 2, 3, 4], shape: [2, 2])
    let y = Tape(.inference).matmul(x.converted(to: .bf16), x)
    #expect(y.floats() == [7, 10, 15, 22])
  }

  /// A small network with every kind of operator: its gradients in bf16 lie within a few bf16 steps of f32's.
  @Test func gradientsAgreeWithF32() throws {
    var rng = TestGenerator(5)
    let names = [
      "image", "patch", "patchBias", "place", "n1", "b1", "q", "k", "v", "o", "up", "upBias", "down", "head",
      "spread",
    ]
    let shapes: [[Int]] = [
      [2, 12, 12, 2], [32, 3, 3, 2], [32], [16, 32], [32], [32], [32, 32], [32, 32], [32, 32], [32, 32],
      [64, 32],
      [64], [32, 64], [7, 32], [2, 3, 3, 2],
    ]
    let leaves = Dictionary(uniqueKeysWithValues: zip(names, shapes.map { rng.tensor($0, -0.4...0.4) }))
    let targets = Tape(.inference).softmax(rng.tensor([2, 7], -2...2))
    func p(_ name: String) -> Tensor { leaves[name] ?? Tensor(zeros: [0]) }
    func gradients(_ precision: ElementType) -> (loss: Float, [String: [Float]]) {
      let tape = Tape(precision: precision)
      for leaf in leaves.values { tape.watch(leaf) }
      let spread = tape.convolution(p("image"), weight: p("spread"), padding: (1, 1))
      let grid = tape.convolution(spread, weight: p("patch"), bias: p("patchBias"), stride: (3, 3))
      var x = tape.add(tape.reshape(grid, [2, 16, 32]), p("place"))
      let n = tape.layerNorm(x, weight: p("n1"), bias: p("b1"))
      let mixed = tape.attention(
        tape.linear(n, weight: p("q")), tape.linear(n, weight: p("k")), tape.linear(n, weight: p("v")),
        heads: 2)
      x = tape.add(x, tape.linear(mixed, weight: p("o")))
      let wide = tape.linear(x, weight: p("up"), bias: p("upBias"), activation: .gelu)
      x = tape.add(x, tape.linear(wide, weight: p("down")))
      let pooled = tape.l2Normalized(tape.mean(x, axis: 1))
      let loss = tape.crossEntropy(tape.linear(pooled, weight: p("head")), targets: targets)
      tape.backward(from: loss)
      return (loss.item, leaves.mapValues { tape.gradient(of: $0)?.floats() ?? [] })
    }
    let (exact, rough) = (gradients(.f32), gradients(.bf16))
    #expect(abs(exact.loss - rough.loss) < 0.02)
    for name in names {
      let (a, b) = (exact.1[name] ?? [], rough.1[name] ?? [])
      #expect(a.count == p(name).count && b.count == a.count)
      let size = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let gap = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(gap < 0.05 * size + 1e-4, "\(name): \(gap) of \(size)")
    }
  }
}
