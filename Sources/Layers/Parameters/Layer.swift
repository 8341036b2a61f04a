import Tensors

/// Something that is shown every parameter of a layer, by name, and may replace it.
public protocol ParameterVisitor {
  /// - Parameters:
  ///   - name: dotted path, such as `vision.blocks.0.attention.query.weight`.
  ///   - tensor: the value; what the visitor leaves there becomes the layer's.
  mutating func visit(_ name: String, _ tensor: inout Tensor) throws

  /// A map whose variant may change; by default the visitor is shown its parameters.
  /// - Parameters:
  ///   - name: dotted path, such as `vision.blocks.0.attention.query`.
  ///   - projection: what the visitor leaves there takes the map's place.
  mutating func visit(_ name: String, _ projection: inout any Projection) throws
}

extension ParameterVisitor {
  /// Shows the map's parameters.
  public mutating func visit(_ name: String, _ projection: inout any Projection) throws {
    try projection.walk(name, &self)
  }
}

/// A part of a model: a plain value whose parameters are named once, in `walk`. The same walk loads, saves,
/// counts, freezes and updates.
public protocol Layer: Sendable {
  /// Shows every parameter to the visitor, always in the same order, under dotted names that begin with `prefix`.
  /// - Throws: what the visitor throws.
  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws
}

extension Layer {
  /// Names and values of all parameters in walk order.
  public func parameters(_ prefix: String) -> [(name: String, tensor: Tensor)] {
    var copy = self
    var collector = Collector()
    // Collecting replaces nothing and throws nothing.
    try? copy.walk(prefix, &collector)
    return collector.found
  }

  /// Number of trained values.
  public var parameterCount: Int { parameters("").reduce(0) { $0 + $1.tensor.count } }

  /// Marks every parameter as one whose gradient is wanted.
  public func watch(on tape: Tape) { for (_, tensor) in parameters("") { tape.watch(tensor) } }

  /// A copy whose parameters are replaced, in walk order.
  /// - Precondition: as many tensors as parameters, of the same shapes.
  public func replacing(with tensors: [Tensor]) -> Self {
    var copy = self
    var replacer = Replacer(rest: tensors[...])
    try? copy.walk("", &replacer)
    precondition(replacer.rest.isEmpty, "\(replacer.rest.count) tensors too many for \(Self.self)")
    return copy
  }

  /// Takes the parameters out, in walk order, so that an optimiser may change them in their own memory. Until they
  /// are put back the layer is of no use.
  public mutating func takeParameters() -> [Tensor] {
    var taker = Taker()
    // Taking throws nothing.
    try? walk("", &taker)
    return taker.taken
  }

  /// Puts back what `takeParameters` took, in the same order.
  public mutating func putBack(_ parameters: [Tensor]) {
    var putter = Putter(rest: parameters[...])
    try? walk("", &putter)
    precondition(putter.rest.isEmpty, "\(putter.rest.count) tensors too many for \(Self.self)")
  }
}

private struct Taker: ParameterVisitor {
  var taken: [Tensor] = []
  let nothing = Tensor(zeros: [0])
  mutating func visit(_ name: String, _ tensor: inout Tensor) {
    taken.append(tensor)
    tensor = nothing
  }
}

private struct Putter: ParameterVisitor {
  var rest: ArraySlice<Tensor>
  mutating func visit(_ name: String, _ tensor: inout Tensor) {
    guard let next = rest.popFirst() else { preconditionFailure("no tensor left for \(name)") }
    tensor = next
  }
}

private struct Collector: ParameterVisitor {
  var found: [(name: String, tensor: Tensor)] = []
  mutating func visit(_ name: String, _ tensor: inout Tensor) { found.append((name, tensor)) }
}

private struct Replacer: ParameterVisitor {
  var rest: ArraySlice<Tensor>
  mutating func visit(_ name: String, _ tensor: inout Tensor) {
    guard let next = rest.popFirst() else { preconditionFailure("no tensor left for \(name)") }
    precondition(next.shape == tensor.shape, "\(name): \(next.shape) for \(tensor.shape)")
    tensor = next
  }
}
