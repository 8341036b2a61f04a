import Tensors

/// Everything that keeps a checkpoint from fitting a model, found in one go.
public struct LoadingProblems: Error, Sendable, CustomStringConvertible {
  /// One way in which checkpoint and model differ.
  public enum Problem: Sendable, Equatable {
    /// A parameter of the model, by name, that the checkpoint lacks.
    case missing(String)
    /// A tensor of the checkpoint, by name, that the model has no place for.
    case unused(String)
    /// A name that both have, with different shapes.
    case shape(String, model: [Int], checkpoint: [Int])
  }

  /// Everything that does not fit, at once.
  public var problems: [Problem]

  /// - Parameter problems: everything that does not fit.
  public init(problems: [Problem]) { self.problems = problems }

  /// The problems in words.
  public var description: String {
    problems.map {
      switch $0 {
      case .missing(let name): "\(name) is not in the checkpoint"
      case .unused(let name): "\(name) of the checkpoint has no place in the model"
      case .shape(let name, let model, let checkpoint):
        "\(name) has shape \(checkpoint) in the checkpoint and \(model) in the model"
      }
    }.joined(separator: "; ")
  }
}

extension Layer {
  /// A copy with the values of a checkpoint.
  /// - Parameters:
  ///   - values: tensors by the names that `walk` gives with `prefix`.
  ///   - partial: take what is there and leave the rest as it is; wrong shapes are still refused.
  /// - Throws: `LoadingProblems` with everything that is missing, unused or misshapen.
  public func loading(_ values: [String: Tensor], prefix: String, partial: Bool = false) throws -> Self {
    var copy = self
    var loader = Loader(values: values)
    try copy.walk(prefix, &loader)
    var problems = loader.problems
    if partial {
      problems.removeAll { if case .missing = $0 { true } else { false } }
    } else {
      problems += values.keys.filter { !loader.seen.contains($0) }.sorted().map { .unused($0) }
    }
    guard problems.isEmpty else { throw LoadingProblems(problems: problems) }
    return copy
  }
}

private struct Loader: ParameterVisitor {
  let values: [String: Tensor]
  var seen: Set<String> = []
  var problems: [LoadingProblems.Problem] = []

  mutating func visit(_ name: String, _ tensor: inout Tensor) {
    guard let value = values[name] else { return problems.append(.missing(name)) }
    seen.insert(name)
    guard value.shape == tensor.shape else {
      return problems.append(.shape(name, model: tensor.shape, checkpoint: value.shape))
    }
    tensor = value
  }
}
