import Tensors

/// Reads the tensors of a stored learner, and refuses those that are missing or hold something else.
struct Stored {
  let learner: String
  let tensors: [String: Tensor]

  func refusal(_ name: String, _ reason: String) -> TrainingError {
    TrainingError(
      place: "stored \(learner), tensor \(name)", reason: reason,
      remedy: "The file is damaged or of another kind; fit the learner again.")
  }

  /// - Parameter rank: number of axes that the tensor must have.
  func tensor(_ name: String, rank: Int) throws -> Tensor {
    guard let tensor = tensors[name] else { throw refusal(name, "It is missing.") }
    guard tensor.rank == rank else {
      throw refusal(name, "Its shape \(tensor.shape) has not \(rank) axes.")
    }
    return tensor
  }

  /// Finite numbers of a tensor of this shape; nil leaves an axis open.
  func floats(_ name: String, _ shape: [Int?]) throws -> [Float] {
    let tensor = try tensor(name, rank: shape.count)
    guard zip(tensor.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
      throw refusal(name, "Its shape is \(tensor.shape), which does not fit the other tensors.")
    }
    let values = tensor.floats()
    guard values.allSatisfy(\.isFinite) else {
      throw refusal(name, "It holds values that are no finite numbers.")
    }
    return values
  }

  /// Whole numbers of a range in a tensor of one axis.
  func integers(_ name: String, count: Int?, in range: ClosedRange<Int>) throws -> [Int] {
    try floats(name, [count]).map { value in
      guard let whole = Int(exactly: value), range.contains(whole) else {
        throw refusal(name, "\(value) is no whole number from \(range.lowerBound) to \(range.upperBound).")
      }
      return whole
    }
  }

  /// One number above 0.
  func positive(_ name: String) throws -> Double {
    let value = try floats(name, [1])[0]
    guard value > 0 else { throw refusal(name, "\(value) is not above 0.") }
    return Double(value)
  }
}
