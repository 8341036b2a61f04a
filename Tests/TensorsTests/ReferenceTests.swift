import Tensors
import Testing

/// Every operator's way forward, and a whole transformer block's way back, against PyTorch in double precision.
@Suite struct ReferenceTests {
  @Test func operatorsMatchPyTorch() throws {
    let cases = try ReferenceCase.all()
    #expect(Set(cases.map(\.operator)).count == 38)
    for each in cases where each.operator != "block" {
      for mode in [Tape.Mode.inference, .training] {
        let result = run(each, Tape(mode))
        #expect(result.shape == each.result.shape, "\(each)")
        let gap = worst(result.floats(), each.result.values)
        #expect(gap < 5e-6, "\(each) \(each.options): \(gap)")
      }
    }
  }

  @Test func gradientsOfABlockMatchPyTorch() throws {
    let block = try #require(ReferenceCase.all().first { $0.operator == "block" })
    let names = block.inputs.keys.filter { block.inputs["d_" + $0] != nil }
    #expect(names.count == 17)
    let p = Dictionary(uniqueKeysWithValues: names.map { ($0, block.input($0)) })
    func t(_ name: String) -> Tensor { p[name] ?? Tensor(zeros: [0]) }
    let tape = Tape()
    for tensor in p.values { tape.watch(tensor) }
    let n1 = tape.layerNorm(t("x"), weight: t("n1w"), bias: t("n1b"))
    let parts = ["q", "k", "v"].map { tape.linear(n1, weight: t("w" + $0), bias: t("b" + $0)) }
    let mixed = tape.attention(parts[0], parts[1], parts[2], heads: block.options.heads ?? 0)
    let middle = tape.add(t("x"), tape.linear(mixed, weight: t("wo"), bias: t("bo")))
    let n2 = tape.layerNorm(middle, weight: t("n2w"), bias: t("n2b"))
    let wide = tape.linear(n2, weight: t("w1"), bias: t("b1"), activation: .gelu)
    let y = tape.add(middle, tape.linear(wide, weight: t("w2"), bias: t("b2")))
    #expect(overall(y.floats(), block.result.values) < 5e-6)
    tape.backward(from: tape.sum(tape.multiply(y, block.input("r"))))
    for name in names {
      let gradient = try #require(tape.gradient(of: t(name)))
      let gap = overall(gradient.floats(), block.inputs["d_" + name]?.values ?? [])
      #expect(gap < 1e-5, "\(name): \(gap)")
    }
  }

  /// The largest difference, relative to the value, or to a fifth of the largest (at most 0.2) where it is smaller.
  private func worst(_ found: [Float], _ wanted: [Float]) -> Float {
    guard found.count == wanted.count else { return .infinity }
    let largest = wanted.map(abs).max() ?? 0
    return zip(found, wanted).reduce(0) { worst, pair in
      let gap = abs(pair.0 - pair.1) / max(abs(pair.1), 0.2 * min(largest, 1), .leastNormalMagnitude)
      return gap.isNaN ? .infinity : max(worst, gap)
    }
  }

  /// The largest difference relative to the largest value, or to 0.1: some true gradients are 0.
  private func overall(_ found: [Float], _ wanted: [Float]) -> Float {
    guard found.count == wanted.count else { return .infinity }
    let size = max(wanted.map(abs).max() ?? 0, 0.1)
    return zip(found, wanted).reduce(0) {
      max($0, abs($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1) / size)
    }
  }

  private func run(_ c: ReferenceCase, _ tape: Tape) -> Tensor {
    let (x, o) = (c.input("x"), c.options)
    tape.watch(x)
    func pair(_ values: [Int]?) -> (Int, Int) { (values?[0] ?? 0, values?[1] ?? 0) }
    switch c.operator {
    case "gelu": return tape.gelu(x)
    case "relu": return tape.relu(x)
    case "silu": return tape.silu(x)
    case "sigmoid": return tape.sigmoid(x)
    case "tanh": return tape.tanh(x)
    case "exp": return tape.exp(x)
    case "softplus": return tape.softplus(x)
    case "square": return tape.square(x)
    case "log": return tape.log(x)
    case "sqrt": return tape.sqrt(x)
    case "add": return tape.add(c.input("a"), c.input("b"))
    case "subtract": return tape.subtract(c.input("a"), c.input("b"))
    case "multiply": return tape.multiply(c.input("a"), c.input("b"))
    case "divide": return tape.divide(c.input("a"), c.input("b"))
    case "linear":
      let activation = Activation(rawValue: o.activation ?? "") ?? .none
      return tape.linear(x, weight: c.input("weight"), bias: c.input("bias"), activation: activation)
    case "matmul":
      return tape.matmul(
        c.input("a"), c.input("b"), transposeA: o.transposeA ?? false, transposeB: o.transposeB ?? false)
    case "attention":
      return tape.attention(
        c.input("q"), c.input("k"), c.input("v"), heads: o.heads ?? 0, keyMask: c.optional("keyMask"),
        causal: o.causal ?? false)
    case "attentionWeights":
      return tape.attentionWeights(
        c.input("q"), c.input("k"), heads: o.heads ?? 0, keyMask: c.optional("keyMask"))
    case "convolution":
      return tape.convolution(
        x, weight: c.input("weight"), bias: c.input("bias"), stride: pair(o.stride), padding: pair(o.padding),
        groups: o.groups ?? 1)
    case "averagePool": return tape.averagePool(x, window: pair(o.window))
    case "maxPool": return tape.maxPool(x, window: pair(o.window), stride: pair(o.stride))
    case "layerNorm": return tape.layerNorm(x, weight: c.input("weight"), bias: c.input("bias"))
    case "softmax": return tape.softmax(x)
    case "logSoftmax": return tape.logSoftmax(x)
    case "l2Normalized": return tape.l2Normalized(x)
    case "sum": return tape.sum(x, axis: o.axis ?? 0)
    case "mean": return tape.mean(x, axis: o.axis ?? 0, keep: true)
    case "maskedMean": return tape.maskedMean(x, c.input("mask"))
    case "transpose": return tape.transpose(x, axes: o.axes ?? [])
    case "slice": return tape.slice(x, axis: o.axis ?? 0, from: o.begin ?? 0, count: o.count ?? 0)
    case "concatenate": return tape.concatenate([c.input("a"), c.input("b")], axis: o.axis ?? 0)
    case "gather": return tape.gather(c.input("table"), indices: o.indices ?? [], shape: o.shape ?? [])
    case "take": return tape.take(x, indices: o.indices ?? [])
    case "crossEntropy":
      return tape.crossEntropy(x, targets: c.input("targets"), weights: c.optional("weights")?.floats())
    case "binaryCrossEntropy":
      return tape.binaryCrossEntropy(x, targets: c.input("targets"), weights: c.optional("weights"))
    case "huber":
      return tape.huber(x, target: c.input("targets"), delta: o.delta ?? 1, weights: c.optional("weights"))
    case "adamW":
      var (p, m, v) = (x, Tensor(zeros: x.shape), Tensor(zeros: x.shape))
      for step in 1...3 {
        AdamWStep(rate: 0.05, step: step, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, decay: 0.1)
          .apply(to: &p, gradient: c.input("g\(step)"), m: &m, v: &v)
      }
      return p
    default:
      Issue.record("No such operator: \(c.operator)")
      return Tensor(zeros: [])
    }
  }
}
