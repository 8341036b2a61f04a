import Layers
import Tensors
import Testing

@Suite("Attention and transformer blocks give PyTorch's values")
struct TransformerTests {
  private let values = try? LayerValues.read()

  @Test(arguments: ["plain", "masked", "causal", "context"])
  func attention(_ name: String) throws {
    let values = try #require(values)
    let part = name == "context" ? "contextAttention" : "attention"
    var rng = SeededGenerator(seed: 1)
    let loaded: [String: Tensor] = values.weights(of: [part]).reduce(into: [:]) {
      $0["attention" + $1.key.dropFirst(1 + part.count)] = $1.value
    }
    let layer = try MultiHeadAttention(
      8, context: name == "context" ? 6 : nil, heads: .fixed(2), using: &rng
    ).loading(loaded, prefix: "attention")
    let tape = Tape(.inference)
    let y = layer(
      values.x.tensor, context: name == "context" ? values.context.tensor : nil,
      mask: name == "masked" ? values.mask.tensor : name == "context" ? values.contextMask.tensor : nil,
      causal: name == "causal", on: tape)
    let wanted = try #require(values.attention[name])
    #expect(y.shape == wanted.shape)
    #expect(distance(y.floats(), wanted.values) < 2e-5)
  }

  @Test(arguments: ["plain", "masked", "causal", "context"])
  func block(_ name: String) throws {
    let values = try #require(values)
    var rng = SeededGenerator(seed: 1)
    let isDecoder = name == "context"
    let parts = ["attentionNorm", "attention", "feedForwardNorm", "feedForward"]
    let block = try TransformerBlock(
      8, hidden: 12, heads: .fixed(2), context: isDecoder ? 6 : nil, using: &rng
    ).loading(values.weights(of: parts + (isDecoder ? ["contextNorm", "contextAttention"] : [])), prefix: "")
    let tape = Tape(.inference)
    let y = block(
      values.x.tensor,
      .init(
        mask: name == "masked" ? values.mask.tensor : nil, causal: name == "causal" || isDecoder,
        context: isDecoder ? values.context.tensor : nil,
        contextMask: isDecoder ? values.contextMask.tensor : nil), on: tape, using: &rng)
    let wanted = try #require(values.blocks[name])
    #expect(y.shape == wanted.shape)
    #expect(distance(y.floats(), wanted.values) < 2e-5)
  }

  @Test("What a query attends to adds up to 1 and leaves masked keys out")
  func weights() throws {
    let values = try #require(values)
    var rng = SeededGenerator(seed: 3)
    let layer = MultiHeadAttention(8, heads: .fixed(2), using: &rng)
    let weights = layer.weights(values.x.tensor, mask: values.mask.tensor, on: Tape(.inference))
    #expect(weights.shape == [2, 5, 5])
    let all = weights.floats()
    for row in 0..<10 { #expect(abs(all[row * 5..<row * 5 + 5].reduce(0, +) - 1) < 1e-5) }
    for query in 0..<5 { #expect(all[query * 5 + 3] == 0 && all[query * 5 + 4] == 0) }
  }

  @Test("Dropout changes what a block gives in training and nothing in inference")
  func dropout() throws {
    let values = try #require(values)
    var rng = SeededGenerator(seed: 4)
    let block = TransformerBlock(8, hidden: 12, heads: .fixed(2), using: &rng)
    func run(_ mode: Tape.Mode, _ rate: Float) -> [Float] {
      block(values.x.tensor, .init(dropout: rate), on: Tape(mode), using: &rng).floats()
    }
    #expect(run(.inference, 0.5) == run(.inference, 0))
    #expect(run(.training, 0.5) != run(.training, 0))
  }
}
