import Foundation
import Tensors
import Training

/// What one replica brings to the meeting of a step.
struct ReplicaContribution: Sendable {
  var inputs: Tensor?
  var views: Tensor?
  var texts: Tensor?
  /// Rows that take part in each loss of the heads.
  var counts: [String: Float]
}

/// A contribution as it travels between processes.
private struct Parcel: Codable {
  struct Values: Codable {
    var shape: [Int]
    var isHalf: Bool
    var bytes: Data

    init(_ tensor: Tensor) {
      (shape, isHalf) = (tensor.shape, tensor.type == .bf16)
      bytes = tensor.floats().withUnsafeBytes { Data($0) }
    }

    var tensor: Tensor {
      var values = [Float](repeating: 0, count: bytes.count / 4)
      _ = values.withUnsafeMutableBytes { bytes.copyBytes(to: $0) }
      let whole = Tensor(values, shape: shape)
      return isHalf ? whole.converted(to: .bf16) : whole
    }
  }

  var inputs: Values?
  var views: Values?
  var texts: Values?
  var counts: [String: Float]

  init(_ contribution: ReplicaContribution) {
    inputs = contribution.inputs.map(Values.init)
    views = contribution.views.map(Values.init)
    texts = contribution.texts.map(Values.init)
    counts = contribution.counts
  }

  var contribution: ReplicaContribution {
    ReplicaContribution(
      inputs: inputs?.tensor, views: views?.tensor, texts: texts?.tensor, counts: counts)
  }
}

extension ProcessGroup {
  /// What the replicas of all processes brought, for what those of this one did.
  func exchange(_ mine: [ReplicaContribution]) throws -> [ReplicaContribution] {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    let all = try gather(encoder.encode(mine.map(Parcel.init)))
    return try all.enumerated().flatMap { place, bytes in
      place == rank ? mine : try PropertyListDecoder().decode([Parcel].self, from: bytes).map(\.contribution)
    }
  }

  /// Losses by name, added up over the processes in the order of their ranks.
  func sum(_ losses: [String: Float]) throws -> [String: Float] {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    var total: [String: Float] = [:]
    for bytes in try gather(encoder.encode(losses)) {
      for (name, value) in try PropertyListDecoder().decode([String: Float].self, from: bytes) {
        total[name, default: 0] += value
      }
    }
    return total
  }

  /// Gradients, added up over the processes; nil only where no process has one.
  /// - Parameter shapes: of all parameters, the same in every process.
  public func sum(_ gradients: inout [Tensor?], shapes: [[Int]]) throws {
    var flags = gradients.map { $0 == nil ? Float(0) : 1 }
    try sum(&flags)
    let counts = zip(shapes, flags).map { $1 > 0 ? $0.reduce(1, *) : 0 }
    var flat = [Float](repeating: 0, count: counts.reduce(0, +))
    flat.withUnsafeMutableBufferPointer { flat in
      var place = 0
      for (gradient, count) in zip(gradients, counts) where count > 0 {
        gradient?.withUnsafeFloats {
          _ = UnsafeMutableBufferPointer(rebasing: flat[place...]).update(from: $0)
        }
        place += count
      }
    }
    try sum(&flat)
    flat.withUnsafeBufferPointer { flat in
      var place = 0
      for index in gradients.indices where flags[index] > 0 {
        let part = UnsafeBufferPointer(rebasing: flat[place..<place + counts[index]])
        gradients[index] = Tensor(shape: shapes[index]) { out in _ = out.update(from: part) }
        place += counts[index]
      }
    }
  }
}
