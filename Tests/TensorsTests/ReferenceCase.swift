import Foundation
import Tensors

/// One case of Fixtures/operators.json, which Scripts/reference/make-tensor-values writes with PyTorch.
struct ReferenceCase: Decodable, CustomStringConvertible, Sendable {
  struct Array: Decodable, Sendable {
    let shape: [Int]
    let values: [Float]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }
  struct Options: Decodable, Sendable {
    var activation: String?
    var transposeA, transposeB, causal: Bool?
    var heads, groups, axis, begin, count: Int?
    var stride, padding, window, axes, indices, shape: [Int]?
    var delta: Float?
  }

  let `operator`: String
  let options: Options
  let inputs: [String: Array]
  let result: Array

  var description: String { `operator` }
  func input(_ name: String) -> Tensor { inputs[name]?.tensor ?? Tensor(zeros: [0]) }
  func optional(_ name: String) -> Tensor? { inputs[name]?.tensor }

  static func all() throws -> [ReferenceCase] {
    guard
      let url = Bundle.module.url(forResource: "operators", withExtension: "json", subdirectory: "Fixtures")
    else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode([ReferenceCase].self, from: Data(contentsOf: url))
  }
}
