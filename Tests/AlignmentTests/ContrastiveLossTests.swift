import Alignment
import Foundation
import Tensors
import Testing

/// The losses' part of Tests/Fixtures/Core/layers.json, which Scripts/reference/make-layer-values writes.
private struct ContrastValues: Decodable {
  struct Values: Decodable {
    var shape: [Int]
    var values: [Float]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }
  struct Case: Decodable {
    var name: String
    var loss: ContrastiveLoss
    var positives: [[Bool]]
    var value, inputs, texts, logScale, bias: Values
  }
  var inputs, texts: Values
  var logScale, bias: Float
  var contrast: [Case]

  static func read() throws -> ContrastValues {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      ContrastValues.self, from: Data(contentsOf: folder.appending(path: "Fixtures/Core/layers.json")))
  }
}

private func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count
    ? zip(a, b).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) } : .infinity
}

@Suite("Contrastive losses")
struct ContrastiveLossTests {
  @Test("PyTorch's values and gradients: several texts of an input, shared texts, inputs without text")
  func torch() throws {
    let known = try ContrastValues.read()
    #expect(known.contrast.count == 4)
    for one in known.contrast {
      let tape = Tape(.training)
      let inputs = known.inputs.tensor, texts = known.texts.tensor
      let scale = Tensor.scalar(known.logScale), bias = Tensor.scalar(known.bias)
      for tensor in [inputs, texts, scale, bias] { tape.watch(tensor) }
      let loss = one.loss(
        inputs: inputs, texts: texts, positives: one.positives.flatMap { $0 }, logScale: scale, bias: bias,
        on: tape)
      #expect(abs(loss.item - one.value.values[0]) < 1e-5, "\(one.name) \(one.loss)")
      tape.backward(from: loss)
      for (tensor, wanted) in [
        (inputs, one.inputs), (texts, one.texts), (scale, one.logScale), (bias, one.bias),
      ] {
        let found = tape.gradient(of: tensor)?.floats() ?? [Float](repeating: 0, count: tensor.count)
        #expect(distance(found, wanted.values) < 1e-5, "\(one.name) \(one.loss)")
      }
    }
  }

  @Test("Two views of the same inputs are told from others")
  func views() {
    let tape = Tape(.inference)
    let axes = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])
    let turned = Tensor([0, 1, 0, 0, 0, 1, 1, 0, 0], shape: [3, 3])
    let same = ViewLoss.loss(axes, axes, temperature: 0.5, on: tape).item
    // Each row: 2 for itself, 0 for two others.
    #expect(abs(same - Foundation.log(1 + 2 * Foundation.exp(Float(-2)))) < 1e-5)
    #expect(ViewLoss.loss(axes, turned, temperature: 0.5, on: tape).item > same + 1)
  }
}
