import Tensors

/// Stands in for a source of randomness where a model's weights are loaded next: layers that are made with it take
/// memory for their weights and draw nothing. What such weights hold is undefined until they are loaded.
public struct Unfilled: RandomNumberGenerator, Sendable {
  /// The thread sanitizer follows the address of an `inout` value, which one of no size does not have.
  private var place: UInt8 = 0

  /// For layers whose weights `loading` replaces, every one.
  public init() {}

  /// Nobody asks; zero.
  public mutating func next() -> UInt64 { 0 }
}

extension Tensor {
  /// Fresh weights, each what `draw` takes from `rng`, in row-major order; left as memory came for `Unfilled`.
  public init<Generator: RandomNumberGenerator>(
    _ shape: [Int], drawnFrom rng: inout Generator, _ draw: (inout Generator) -> Float
  ) {
    self.init(shape: shape) { values in
      if Generator.self == Unfilled.self { return }
      for index in values.indices { values.initializeElement(at: index, to: draw(&rng)) }
    }
  }
}
