import Foundation
import Tensors

/// Weights and an offset for each answer: what all linear learners come to.
struct LinearScores: Sendable, Equatable {
  /// Features of a row.
  let columns: Int
  /// `[answers, columns]`.
  let weights: [Float]
  /// One an answer.
  let bias: [Float]

  /// One score an answer; features that are no finite numbers count as 0.
  func scores(_ row: UnsafeBufferPointer<Float>) -> [Float] {
    precondition(row.count == columns, "\(row.count) features for weights of \(columns)")
    return weights.withUnsafeBufferPointer { weights in
      bias.indices.map { answer in
        let own = UnsafeBufferPointer(rebasing: weights[answer * columns..<(answer + 1) * columns])
        return finished(dot(own, row), answer, row)
      }
    }
  }

  /// Scores divided by a temperature, as probabilities.
  func probabilities(_ row: UnsafeBufferPointer<Float>, temperature: Double) -> [Float] {
    LinearScores.probabilities(scores(row), temperature: temperature)
  }

  static func probabilities(_ scores: [Float], temperature: Double) -> [Float] {
    let scores = scores.map { Double($0) / temperature }
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }

  /// `weights` `[answers, columns]` and `bias` `[answers]`.
  func tensors() -> [String: Tensor] {
    [
      "weights": Tensor(weights, shape: [bias.count, columns]),
      "bias": Tensor(bias, shape: [bias.count]),
    ]
  }

  init(columns: Int, weights: [Float], bias: [Float]) {
    (self.columns, self.weights, self.bias) = (columns, weights, bias)
  }

  /// - Parameter answers: how many there must be; nil for one or more.
  init(_ stored: Stored, answers: Int? = nil) throws {
    let shape = try stored.tensor("weights", rank: 2).shape
    guard shape[0] > 0, shape[1] > 0, answers == nil || shape[0] == answers else {
      throw stored.refusal("weights", "The shape \(shape) is not that of weights.")
    }
    columns = shape[1]
    weights = try stored.floats("weights", [nil, nil])
    bias = try stored.floats("bias", [shape[0]])
  }
}

/// The sum of products, as `BlockedDot` adds them up.
func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
  var total = 0.0
  for block in 0..<BlockedDot.blocks(b.count) { total += BlockedDot.block(block, a, b) }
  for place in (b.count & ~7)..<b.count { total += Double(a[place]) * Double(b[place]) }
  return total
}
