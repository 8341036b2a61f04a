import Foundation
import Tensors

/// Tests/Fixtures/Core/layers.json, which Scripts/reference/make-layer-values writes with PyTorch.
struct LayerValues: Decodable {
  struct Values: Decodable {
    var shape: [Int]
    var values: [Float]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }
  var weights: [String: Values]
  var x, context, mask, contextMask: Values
  var attention: [String: Values]
  var blocks: [String: Values]

  static func read() throws -> LayerValues {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      LayerValues.self, from: Data(contentsOf: folder.appending(path: "Fixtures/Core/layers.json")))
  }

  /// The weights whose names begin with one of `parts`.
  func weights(of parts: [String]) -> [String: Tensor] {
    weights.filter { weight in parts.contains { weight.key.hasPrefix($0 + ".") } }
      .reduce(into: [:]) { $0[".\($1.key)"] = $1.value.tensor }
  }
}

/// The largest distance between two lists; infinite where their lengths differ.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, $1.0.isFinite ? abs($1.0 - $1.1) : .infinity) }
}
