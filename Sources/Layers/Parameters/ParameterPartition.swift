import Tensors

/// Which parameters of a layer are trained. All others are frozen: no gradient is found for them, and no optimiser
/// keeps anything of them.
public struct ParameterPartition: Sendable {
  /// Names of the trained parameters, in walk order.
  public let names: [String]
  private let isTrained: [Bool]

  /// - Parameters:
  ///   - layer: whose parameters are parted, under their names without a prefix.
  ///   - frozen: names of those that stay as they are.
  public init(_ layer: some Layer, frozen: Set<String> = []) {
    let all = layer.parameters("").map(\.name)
    isTrained = all.map { !frozen.contains($0) }
    names = all.filter { !frozen.contains($0) }
  }

  /// The trained parameters of a layer of the same shape, in walk order.
  public func trained(in layer: some Layer) -> [Tensor] {
    zip(layer.parameters(""), isTrained).filter(\.1).map(\.0.tensor)
  }

  /// A copy of the layer with other values of the trained parameters.
  /// - Precondition: as many tensors as trained parameters, of the same shapes.
  public func replacing<Whole: Layer>(in layer: Whole, with tensors: [Tensor]) -> Whole {
    precondition(tensors.count == names.count, "\(tensors.count) tensors for \(names.count) parameters")
    var rest = tensors[...]
    return layer.replacing(
      with: zip(layer.parameters(""), isTrained).map { own, isTrained in
        isTrained ? rest.popFirst() ?? own.tensor : own.tensor
      })
  }

  /// Marks the trained parameters as those whose gradients are wanted.
  public func watch(_ layer: some Layer, on tape: Tape) {
    for tensor in trained(in: layer) { tape.watch(tensor) }
  }
}
