import Tensors
import Testing

/// Every operator's way back against central differences of its way forward. The step of 1e-2 leaves a few 1e-4
/// of the third derivative and of f32 rounding; a wrong gradient is off by far more than the 5e-3 allowed.
@Suite struct GradientTests {
  private func check(
    _ shapes: [[Int]], range: ClosedRange<Float> = -1...1, step: Float = 1e-2, within allowed: Float = 5e-3,
    location: SourceLocation = #_sourceLocation, _ function: (Tape, [Tensor]) -> Tensor
  ) {
    var rng = TestGenerator(7)
    let (gap, at) = worstGap(shapes.map { rng.tensor($0, range) }, step: step, function)
    #expect(gap <= allowed, "\(String(describing: at))", sourceLocation: location)
  }

  @Test func elementwise() {
    check([[3, 37]], range: -3...3) { $0.gelu($1[0]) }
    check([[3, 37]], range: -3...3) { $0.silu($1[0]) }
    check([[3, 37]], range: -3...3) { $0.quickGelu($1[0]) }
    check([[3, 37]], range: -3...3) { $0.sigmoid($1[0]) }
    check([[3, 37]], range: -2...2) { $0.tanh($1[0]) }
    check([[3, 37]], range: -2...2) { $0.exp($1[0]) }
    check([[3, 37]], range: 0.5...3) { $0.log($1[0]) }
    check([[3, 37]], range: -4...4) { $0.softplus($1[0]) }
    check([[3, 37]], range: -2...2) { $0.square($1[0]) }
    check([[3, 37]], range: 0.5...3) { $0.sqrt($1[0]) }
    check([[3, 37]]) { $0.scale($1[0], by: -1.75) }
    check([[3, 37]]) { $0.addScalar($1[0], 0.5) }
  }

  @Test func reluAwayFromItsKink() {
    check([[5, 20]], range: 0.1...2) { $0.relu($0.subtract($1[0], Tensor(repeating: 0, shape: [1]))) }
    check([[5, 20]], range: -2 ... -0.1) { $0.relu($0.scale($1[0], by: -1)) }
    let tape = Tape()
    let x = Tensor([-1, -0.5, 0.5, 2], shape: [4])
    tape.watch(x)
    tape.backward(from: tape.sum(tape.relu(x)))
    #expect(tape.gradient(of: x)?.floats() == [0, 0, 1, 1])
  }

  @Test(arguments: [
    ([3, 5, 7], [3, 5, 7]), ([3, 5, 7], [7]), ([3, 5, 7], [5, 1]), ([3, 1, 7], [2, 1, 5, 1]), ([4], []),
    ([2, 3], [1, 1]),
  ])
  func arithmetic(_ a: [Int], _ b: [Int]) {
    check([a, b], range: 0.5...2) { $0.add($1[0], $1[1]) }
    check([a, b], range: 0.5...2) { $0.subtract($1[0], $1[1]) }
    check([a, b], range: 0.5...2) { $0.multiply($1[0], $1[1]) }
    check([a, b], range: 0.5...2) { $0.divide($1[0], $1[1]) }
    check([a, b], range: 0.5...2) { $0.subtract($1[1], $1[0]) }
    check([a, b], range: 0.5...2) { $0.divide($1[1], $1[0]) }
  }

  @Test func arithmeticWithItself() {
    check([[3, 4]], range: 0.5...2) { $0.multiply($1[0], $1[0]) }
    check([[3, 4]], range: 0.5...2) { $0.add($1[0], $1[0]) }
    check([[3, 4]], range: 0.5...2) { $0.multiply($0.add($1[0], $1[0]), $1[0]) }
  }

  @Test(arguments: [Activation.none, .gelu, .silu, .quickGelu])
  func linear(_ activation: Activation) {
    check([[2, 5, 6], [9, 6], [9]]) { $0.linear($1[0], weight: $1[1], bias: $1[2], activation: activation) }
    check([[7, 6], [4, 6]]) { $0.linear($1[0], weight: $1[1], activation: activation) }
    check([[1, 33], [17, 33], [17]]) { $0.linear($1[0], weight: $1[1], bias: $1[2], activation: activation) }
  }

  @Test func linearWithRelu() {
    // A bias of 2 keeps every sum above the kink.
    check([[2, 3, 5], [4, 5]], range: -0.5...0.5) {
      $0.linear($1[0], weight: $1[1], bias: Tensor(repeating: 2, shape: [4]), activation: .relu)
    }
  }

  @Test func sharedWeightSumsItsGradients() {
    check([[3, 4], [4, 4], [4]]) {
      let once = $0.linear($1[0], weight: $1[1], bias: $1[2])
      return $0.linear(once, weight: $1[1], bias: $1[2])
    }
  }

  @Test(arguments: [false, true], [false, true])
  func matmul(_ ta: Bool, _ tb: Bool) {
    let a = ta ? [4, 3] : [3, 4]
    let b = tb ? [5, 4] : [4, 5]
    check([a, b]) { $0.matmul($1[0], $1[1], transposeA: ta, transposeB: tb) }
    check([[2] + a, [2] + b]) { $0.matmul($1[0], $1[1], transposeA: ta, transposeB: tb) }
    check([[2, 3] + a, [2, 3] + b]) { $0.matmul($1[0], $1[1], transposeA: ta, transposeB: tb) }
    check([[2, 3] + a, b]) { $0.matmul($1[0], $1[1], transposeA: ta, transposeB: tb) }
  }

  @Test(arguments: [1, 2, 4], [false, true])
  func attention(_ heads: Int, _ causal: Bool) {
    check([[2, 5, 8], [2, 5, 8], [2, 5, 8]]) {
      $0.attention($1[0], $1[1], $1[2], heads: heads, causal: causal)
    }
    check([[2, 3, 8], [2, 7, 8], [2, 7, 8]]) {
      $0.attention($1[0], $1[1], $1[2], heads: heads, causal: causal)
    }
    let mask = Tensor([1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0], shape: [2, 7])
    check([[2, 3, 8], [2, 7, 8], [2, 7, 8]]) {
      $0.attention($1[0], $1[1], $1[2], heads: heads, keyMask: mask, causal: causal)
    }
  }

  @Test func selfAttentionOfOneTensor() {
    check([[2, 4, 6]]) { $0.attention($1[0], $1[0], $1[0], heads: 2) }
  }

  @Test func convolution() {
    check([[2, 5, 6, 3], [4, 3, 3, 3], [4]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], stride: (1, 1), padding: (1, 1))
    }
    check([[2, 6, 7, 3], [4, 3, 2, 3]]) {
      $0.convolution($1[0], weight: $1[1], stride: (2, 3), padding: (1, 0))
    }
    check([[2, 6, 6, 4], [6, 3, 3, 2], [6]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], padding: (1, 1), groups: 2)
    }
    check([[2, 5, 5, 4], [4, 3, 3, 1], [4]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], padding: (1, 1), groups: 4)
    }
    check([[3, 1, 16, 2], [5, 1, 4, 2], [5]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], stride: (1, 4))
    }
    check([[2, 8, 8, 1], [5, 4, 4, 1], [5]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], stride: (4, 4))
    }
    // An edge that the stride leaves uncovered gets gradient 0.
    check([[1, 7, 7, 2], [3, 2, 2, 2], [3]]) {
      $0.convolution($1[0], weight: $1[1], bias: $1[2], stride: (3, 3))
    }
  }

  @Test func normalisations() {
    check([[4, 21], [21], [21]], range: -2...2) { $0.layerNorm($1[0], weight: $1[1], bias: $1[2]) }
    check([[2, 3, 16], [16], [16]], range: -2...2) { $0.layerNorm($1[0], weight: $1[1], bias: $1[2]) }
    check([[3, 19]], range: -2...2) { $0.softmax($1[0]) }
    check([[3, 19]], range: -2...2) { $0.logSoftmax($1[0]) }
    check([[3, 19]], range: -2...2) { $0.l2Normalized($1[0]) }
  }

  @Test func l2NormalisationBelowItsEpsilon() {
    check([[2, 4]], range: -0.1...0.1) { $0.l2Normalized($1[0], epsilon: 1) }
  }

  @Test func pools() {
    check([[2, 4, 6, 3]]) { $0.averagePool($1[0], window: (2, 3)) }
    check([[2, 5, 7, 3]]) { $0.averagePool($1[0], window: (2, 2)) }
    check([[2, 6, 6, 17]], step: 1e-4, within: 2e-2) { $0.maxPool($1[0], window: (2, 2), stride: (2, 2)) }
    check([[2, 5, 7, 3]], step: 1e-4, within: 2e-2) { $0.maxPool($1[0], window: (3, 3), stride: (1, 2)) }
  }

  @Test func reductions() {
    for axis in [0, 1, 2, -1] {
      check([[3, 4, 18]]) { $0.sum($1[0], axis: axis) }
      check([[3, 4, 18]]) { $0.mean($1[0], axis: axis, keep: true) }
    }
    check([[3, 4, 5]]) { $0.sum($1[0]) }
    check([[3, 4, 5]]) { $0.mean($0.square($1[0])) }
    let mask = Tensor([1, 0, 1, 0, 0, 0, 1, 1, 1], shape: [3, 3])
    check([[3, 3, 5]]) { $0.maskedMean($1[0], mask) }
  }

  @Test func shapes() {
    check([[3, 4, 5]]) { $0.square($0.reshape($1[0], [4, -1])) }
    check([[3, 4, 5]]) { $0.square($0.transpose($1[0], axes: [2, 0, 1])) }
    check([[2, 3, 4, 5]]) { $0.square($0.transpose($1[0], axes: [0, 2, 1, 3])) }
    for axis in 0..<3 {
      check([[3, 4, 5]]) { $0.slice($1[0], axis: axis, from: 1, count: 2) }
    }
    check([[3, 4], [3, 2], [3, 1]]) { $0.concatenate($1, axis: 1) }
    check([[3, 4], [2, 4]]) { $0.concatenate($1, axis: 0) }
    check([[3, 9]]) { tape, x in
      let parts = (0..<3).map { tape.slice(x[0], axis: 1, from: 3 * $0, count: 3) }
      return tape.add(tape.multiply(parts[0], parts[1]), parts[2])
    }
    check([[5, 3]]) { $0.gather($1[0], indices: [4, 0, 4, 2, 4, 1], shape: [2, 3]) }
    check([[5, 3, 2]]) { $0.take($1[0], indices: [3, 3, 1]) }
  }

  @Test func losses() {
    let targets = Tensor([0.1, 0.7, 0.2, 1, 0, 0, 0.3, 0.3, 0.4, 0, 0.5, 0], shape: [4, 3])
    check([[4, 3]], range: -2...2) { $0.crossEntropy($1[0], targets: targets) }
    check([[4, 3]], range: -2...2) { $0.crossEntropy($1[0], targets: targets, weights: [1, 0, 2.5, 0.5]) }
    check([[4, 3]], range: -2...2) { $0.binaryCrossEntropy($1[0], targets: targets) }
    let weights = Tensor([1, 2, 0, 0.5, 1, 1, 3, 0, 1, 1, 1, 2], shape: [4, 3])
    check([[4, 3]], range: -2...2) { $0.binaryCrossEntropy($1[0], targets: targets, weights: weights) }
    check([[4, 3]], range: -2...2) { $0.huber($1[0], target: targets, delta: 0.8) }
    check([[4, 3]], range: -2...2) { $0.huber($1[0], target: targets, delta: 0.8, weights: weights) }
    check([[4, 3]], range: -2...2) { $0.scale($0.crossEntropy($1[0], targets: targets), by: 3) }
  }

  @Test func dropoutsSilenceTheSameElementsBothWays() {
    let x = Tensor(repeating: 1, shape: [40, 50])
    for whole in [false, true] {
      var rng = TestGenerator(5)
      let tape = Tape()
      tape.watch(x)
      let y = whole ? tape.dropPath(x, rate: 0.4, using: &rng) : tape.dropout(x, rate: 0.4, using: &rng)
      tape.backward(from: tape.sum(y))
      #expect(tape.gradient(of: x)?.floats() == y.floats())
    }
  }
}
