import Layers
import Tensors
import Testing

@Suite("Parameters by name")
struct ParameterTests {
  private func block(seed: UInt64 = 1) -> TransformerBlock {
    var rng = SeededGenerator(seed: seed)
    return TransformerBlock(8, hidden: 12, heads: .fixed(2), context: 6, using: &rng)
  }

  @Test("Each parameter has one name, and all of them are walked")
  func names() {
    let parameters = block().parameters("decoder.3")
    #expect(Set(parameters.map(\.name)).count == parameters.count)
    #expect(parameters.allSatisfy { $0.name.hasPrefix("decoder.3.") })
    // 3 norms of 2, 2 attentions of 4 maps of 2, 2 maps of 2.
    #expect(parameters.count == 3 * 2 + 2 * 4 * 2 + 2 * 2)
    let own = 4 * (8 * 8 + 8), context = 2 * (8 * 8 + 8) + 2 * (8 * 6 + 8)
    #expect(block().parameterCount == 3 * 16 + own + context + (8 * 12 + 12) + (12 * 8 + 8))
    #expect(
      parameters.contains { $0.name == "decoder.3.contextAttention.key.weight" && $0.tensor.shape == [8, 6] })
  }

  @Test("What is watched gets a gradient, every part of a block")
  func gradients() {
    let block = block()
    var rng = SeededGenerator(seed: 2)
    let x = Tensor((0..<2 * 3 * 8).map { _ in rng.normal() }, shape: [2, 3, 8])
    let context = Tensor((0..<2 * 4 * 6).map { _ in rng.normal() }, shape: [2, 4, 6])
    let tape = Tape(.training)
    block.watch(on: tape)
    let y = block(x, .init(context: context), on: tape, using: &rng)
    tape.backward(from: tape.sum(tape.square(y)))
    for (name, tensor) in block.parameters("block") {
      let gradient = tape.gradient(of: tensor)
      #expect(gradient?.shape == tensor.shape, "\(name)")
      // Softmax takes no notice of what is added to all keys alike: the gradient of that bias is near zero.
      if !name.hasSuffix("key.bias") {
        #expect(gradient?.floats().contains { abs($0) > 1e-4 } == true, "\(name)")
      }
    }
  }

  @Test("Replacing goes by walk order")
  func replacing() {
    let a = block(seed: 1), b = block(seed: 2)
    let copied = a.replacing(with: b.parameters("").map(\.tensor))
    for (new, old) in zip(copied.parameters(""), b.parameters("")) {
      #expect(new.name == old.name && new.tensor.floats() == old.tensor.floats())
    }
  }

  @Test("Loading brings every value to its name")
  func loading() throws {
    let a = block(seed: 1), b = block(seed: 2)
    let values = Dictionary(uniqueKeysWithValues: b.parameters("x").map { ($0.name, $0.tensor) })
    let loaded = try a.loading(values, prefix: "x")
    for (new, old) in zip(loaded.parameters("x"), b.parameters("x")) {
      #expect(new.tensor.floats() == old.tensor.floats())
    }
  }

  @Test("Everything that does not fit is named at once")
  func problems() throws {
    var values = Dictionary(uniqueKeysWithValues: block().parameters("x").map { ($0.name, $0.tensor) })
    values["x.attention.query.weight"] = nil
    values["x.contextNorm.bias"] = nil
    values["x.feedForward.expand.weight"] = Tensor(zeros: [8, 12])
    values["y.extra"] = Tensor(zeros: [1])
    values["x.attention.extra"] = Tensor(zeros: [1])
    let error = #expect(throws: LoadingProblems.self) { try block().loading(values, prefix: "x") }
    let problems = try #require(error).problems
    #expect(problems.count == 5)
    for problem in [
      LoadingProblems.Problem.missing("x.attention.query.weight"), .missing("x.contextNorm.bias"),
      .unused("x.attention.extra"), .unused("y.extra"),
      .shape("x.feedForward.expand.weight", model: [12, 8], checkpoint: [8, 12]),
    ] { #expect(problems.contains(problem)) }
    let text = try #require(error).description
    #expect(text.contains("x.contextNorm.bias is not in the checkpoint") && text.contains("[8, 12]"))
  }

  @Test("A part of a checkpoint is taken where that is asked for; wrong shapes are still refused")
  func partial() throws {
    let a = block(seed: 1)
    let one = ["x.contextNorm.bias": Tensor(repeating: 3, shape: [8]), "z": Tensor(zeros: [2])]
    let loaded = try a.loading(one, prefix: "x", partial: true)
    for (new, old) in zip(loaded.parameters("x"), a.parameters("x")) {
      let isLoaded = new.name == "x.contextNorm.bias"
      #expect(new.tensor.floats() == (isLoaded ? [Float](repeating: 3, count: 8) : old.tensor.floats()))
    }
    #expect(throws: LoadingProblems.self) {
      try a.loading(["x.contextNorm.bias": Tensor(zeros: [7])], prefix: "x", partial: true)
    }
  }
}
