import COneDNN

/// A linear map whose weights are integers of 8 bits with one scale an output, laid out for products once; for
/// inference. What goes in is rounded to 8 bits on the way, each row with a scale and an offset of its own, and
/// products are summed in 32 bits.
public struct IntegerMap: Sendable {
  /// Width of what goes in.
  public let inputs: Int
  /// Width of what comes out.
  public let outputs: Int
  /// `[outputs]`, f32; nil for none.
  public let bias: Tensor?
  /// Of the weights as they are kept, scales and sums included.
  public let bytes: Int
  let packed: Storage
  let scales: Tensor  // [outputs]
  let sums: Tensor  // [outputs], of each output's integers

  /// The largest integer that weights are rounded to: 127, or 63 on CPUs that add two products in 16 bits, which
  /// would overflow.
  public static var limit: Int { Int(braid_int8_limit()) }

  /// Whether oneDNN multiplies integers on this processor.
  public static var isSupported: Bool { braid_int8_size(64, 64) > 0 }

  /// Rounds weights `[outputs, inputs]`, each row by its largest.
  public init(_ weight: Tensor, bias: Tensor?) {
    precondition(
      weight.rank == 2 && weight.count > 0 && (bias?.shape ?? [weight.shape[0]]) == [weight.shape[0]],
      "An integer map cannot have weights \(weight.shape) and bias \(bias?.shape ?? []).")
    (outputs, inputs) = (weight.shape[0], weight.shape[1])
    self.bias = bias?.converted(to: .f32)
    let (n, k) = (Int64(outputs), Int64(inputs))
    let size = Int(braid_int8_size(k, n))
    precondition(size > 0, "oneDNN has no product of integers here.")
    let packed = Storage(bytes: size), integers = Storage(bytes: weight.count)
    var sums: Tensor?
    let scales = Tensor([weight.shape[0]], .f32) { scale in
      sums = Tensor([weight.shape[0]], .f32) { sum in
        let status = reading(weight.converted(to: .f32)) {
          braid_int8_prepare(
            k, n, $0.floats, integers.pointer.assumingMemoryBound(to: Int8.self), packed.pointer,
            scale.floats,
            sum.floats)
        }
        precondition(status == 0, "oneDNN could not lay out integers of \(weight.shape) (status \(status)).")
      }
    }
    (self.packed, self.scales, self.sums) = (packed, scales, sums ?? scales)
    bytes = size + 8 * outputs + 4 * (bias?.count ?? 0)
  }

  /// Lends the C form of the maps.
  fileprivate static func lend<R>(
    _ maps: [IntegerMap], _ body: ([braid_int8_map]) -> R
  ) -> R {
    withExtendedLifetime(maps) {
      body(
        maps.map {
          braid_int8_map(
            inputs: Int64($0.inputs), outputs: Int64($0.outputs), packed: UnsafeRawPointer($0.packed.pointer),
            scales: UnsafePointer($0.scales.storage.pointer.floats),
            sums: UnsafePointer($0.sums.storage.pointer.floats),
            bias: $0.bias.map { UnsafePointer($0.storage.pointer.floats) })
        })
    }
  }
}

extension Tape {
  /// activation(x wᵀ + b) for several maps of the same x `[..., in]`: rounded once, results f32 `[..., out]`. In
  /// inference only.
  public func linear(_ x: Tensor, _ maps: [IntegerMap], activation: Activation = .none) -> [Tensor] {
    integers(x, maps, activation, nil)
  }

  /// activation(x wᵀ + b) + residual, f32; the residual has the result's shape. In inference only.
  public func linear(
    _ x: Tensor, _ map: IntegerMap, activation: Activation = .none, adding residual: Tensor? = nil
  ) -> Tensor {
    integers(x, [map], activation, residual)[0]
  }

  /// contract(activation(expand(x))) + residual; what lies between is kept in 8 bits only. In inference only.
  public func feedForward(
    _ x: Tensor, expand: IntegerMap, contract: IntegerMap, activation: Activation,
    adding residual: Tensor? = nil
  ) -> Tensor {
    check(x, [expand])
    let shape = Array(x.shape.dropLast()) + [contract.outputs]
    precondition(
      contract.inputs == expand.outputs && (residual?.shape ?? shape) == shape,
      "An integer feed-forward part of \(expand.outputs) and \(contract.inputs), residual \(residual?.shape ?? [])."
    )
    let (input, added) = (x.converted(to: .f32), residual?.converted(to: .f32))
    return Tensor(shape, .f32) { out in
      let status = IntegerMap.lend([expand, contract]) { maps in
        withUnsafePointer(to: maps[0]) { first in
          withUnsafePointer(to: maps[1]) { second in
            withExtendedLifetime(added) {
              reading(input) {
                braid_int8_feed_forward(
                  first, second, Int64(x.count / expand.inputs), $0.floats, activation.code,
                  added?.storage.pointer.floats, out.floats)
              }
            }
          }
        }
      }
      precondition(status == 0, "oneDNN could not multiply integers (status \(status)).")
    }
  }

  private func integers(
    _ x: Tensor, _ maps: [IntegerMap], _ activation: Activation, _ residual: Tensor?
  ) -> [Tensor] {
    check(x, maps)
    let shapes = maps.map { Array(x.shape.dropLast()) + [$0.outputs] }
    precondition(
      (residual?.shape ?? shapes[0]) == shapes[0],
      "The residual \(residual?.shape ?? []) is added to \(shapes[0]).")
    let (input, added) = (x.converted(to: .f32), residual?.converted(to: .f32))
    let results = shapes.map { Tensor($0, .f32) { _ in } }
    let status = IntegerMap.lend(maps) { forms in
      withExtendedLifetime((added, results)) {
        reading(input) {
          braid_int8_linear(
            Int32(maps.count), forms, Int64(x.count / maps[0].inputs), $0.floats, activation.code,
            added?.storage.pointer.floats, results.map { $0.storage.pointer })
        }
      }
    }
    precondition(status == 0, "oneDNN could not multiply integers (status \(status)).")
    return results
  }

  private func check(_ x: Tensor, _ maps: [IntegerMap]) {
    precondition(mode == .inference, "Integer maps have no way back; use them on an inference tape.")
    precondition(
      !maps.isEmpty && maps.allSatisfy { $0.inputs == x.shape.last },
      "x \(x.shape) does not fit integer maps of \(maps.map(\.inputs)).")
  }
}
