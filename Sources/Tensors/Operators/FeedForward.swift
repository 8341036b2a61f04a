import COneDNN

/// Weights and bias of one linear map: `[out, in]` and `[out]`.
public struct LinearWeights {
  /// `[out, in]`.
  public var weight: Tensor
  /// `[out]`; nil for none.
  public var bias: Tensor?

  /// - Parameters:
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`; nil for none.
  public init(_ weight: Tensor, _ bias: Tensor?) { (self.weight, self.bias) = (weight, bias) }
}

/// Rows worked on together: the hidden values of a part stay in the caches between the two products, and are made
/// again on the way back instead of being kept, which costs about what writing and reading them would.
private let most = 512

/// Rows a part: of even sizes, whole blocks of 16.
private func part(of rows: Int) -> Int {
  let parts = max(1, (rows + most - 1) / most)
  return max(1, min(rows, ((rows + parts - 1) / parts + 15) / 16 * 16))
}

extension Tape {
  /// contract(activation(expand(x))) + residual: x `[..., in]`, result and residual `[..., out]`. The hidden values are
  /// never kept.
  public func feedForward(
    _ x: Tensor, expand: LinearWeights, contract: LinearWeights, activation: Activation,
    adding residual: Tensor? = nil
  ) -> Tensor {
    let (hidden, inputs, outputs) = (expand.weight.shape[0], expand.weight.shape[1], contract.weight.shape[0])
    let shape = Array(x.shape.dropLast()) + [outputs]
    precondition(
      x.shape.last == inputs && contract.weight.shape == [outputs, hidden]
        && (residual?.shape ?? shape) == shape
        && (expand.bias?.shape ?? [hidden]) == [hidden] && (contract.bias?.shape ?? [outputs]) == [outputs],
      "feedForward: x \(x.shape), weights \(expand.weight.shape) and \(contract.weight.shape) do not fit.")
    let rows = inputs == 0 ? 0 : x.count / inputs
    let (a, added, part) = (operand(x), residual.map(operand), part(of: rows))
    let room = Tensor([part, hidden], precision) { _ in }
    let y = Tensor(shape, precision) { out in
      for first in stride(from: 0, to: rows, by: part) {
        let count = min(part, rows - first)
        let at = first * outputs * precision.size
        if let added {
          reading(added) { (out + at).copyMemory(from: $0 + at, byteCount: count * outputs * precision.size) }
        }
        reading(room) {
          forward(a, inputs, first, count, expand, into: $0, 0, adding: false)
          activate(activation, precision, count * hidden, $0, $0)
        }
        forward(room, hidden, 0, count, contract, into: out, first, adding: added != nil)
      }
    }
    guard records(x, expand.weight, expand.bias) || records(contract.weight, contract.bias, residual) else {
      return y
    }
    let (source, x, into) = (kept(a), Place(x), residual.map(Place.init))
    record(y) { [unowned self] g in
      let a = source.values()
      backward(g, a, x, expand, contract, activation, rows: rows)
      if let into { accumulate(g, into: into) }
    }
    return y
  }

  /// Rows of `x` from `first` on through one map, to rows of `out` from `place` on.
  private func forward(
    _ x: Tensor, _ inputs: Int, _ first: Int, _ count: Int, _ map: LinearWeights,
    into out: UnsafeMutableRawPointer, _ place: Int, adding: Bool
  ) {
    let (weight, outputs) = (map.weight, map.weight.shape[0])
    let size = ProductSize(rows: count, inner: inputs, columns: outputs)
    let view = MatrixView(row: inputs, offset: first * inputs)
    let columns = MatrixView(row: inputs).transposed
    let result = MatrixView(row: outputs, offset: place * outputs)
    // Weights that stay the same are laid out once. In training the copy is not worth its memory: products of some
    // hundred rows are slow enough for oneDNN to lay weights out each time.
    let packed =
      weight.count > 0 && mode == .inference
      ? weight.storage.packed(from: weight.type, to: precision, inputs: inputs, outputs: outputs) : nil
    if packed != nil,
      product(
        size, x, view, weight, columns, bias: map.bias, into: out, result, type: precision,
        accumulate: adding,
        packed: packed)
    {
      return
    }
    product(
      size, x, view, weightOperand(weight), columns, bias: map.bias, into: out, result, type: precision,
      accumulate: adding)
  }

  private func backward(
    _ g: Tensor, _ a: Tensor, _ x: Place, _ expand: LinearWeights, _ contract: LinearWeights,
    _ activation: Activation, rows: Int
  ) {
    let (hidden, inputs, outputs) = (expand.weight.shape[0], expand.weight.shape[1], contract.weight.shape[0])
    let part = part(of: rows)
    let (w1, w2) = (weightOperand(expand.weight), weightOperand(contract.weight))
    let rooms = (0..<2).map { _ in Tensor([part, hidden], precision) { _ in } }
    let (h, d) = (rooms[0], rooms[1])
    updateIfWanted(Place(contract.weight)) { dw2, adding2 in
      updateIfWanted(Place(expand.weight)) { dw1, adding1 in
        updateIfWanted(x) { dx, addingX in
          for first in stride(from: 0, to: rows, by: part) {
            let count = min(part, rows - first), later = first > 0
            let inner = MatrixView(row: hidden), own = MatrixView(row: inputs, offset: first * inputs)
            let slopes = MatrixView(row: outputs, offset: first * outputs)
            reading(h, d) { h0, d0 in
              forward(a, inputs, first, count, expand, into: h0, 0, adding: false)
              product(
                ProductSize(rows: count, inner: outputs, columns: hidden), g, slopes, w2, inner, into: d0,
                inner,
                type: precision)
              differentiate(activation, precision, count * hidden, h0, d0)
              if let dw2 {
                product(
                  ProductSize(rows: outputs, inner: count, columns: hidden), g, slopes.transposed, h, inner,
                  into: dw2, inner, type: contract.weight.type, accumulate: adding2 || later)
              }
              if let bias = contract.bias { addSums(g, first, count, outputs, to: bias) }
              if let bias = expand.bias { addSums(d, 0, count, hidden, to: bias) }
              if let dw1 {
                product(
                  ProductSize(rows: hidden, inner: count, columns: inputs), d, inner.transposed, a, own,
                  into: dw1, MatrixView(row: inputs), type: expand.weight.type, accumulate: adding1 || later)
              }
              if let dx {
                product(
                  ProductSize(rows: count, inner: hidden, columns: inputs), d, inner, w1,
                  MatrixView(row: inputs),
                  into: dx, own, type: x.type, accumulate: addingX)
              }
            }
          }
        }
      }
    }
  }

  /// Adds the sums of `count` rows of `g` from `first` on to a bias's gradient.
  private func addSums(_ g: Tensor, _ first: Int, _ count: Int, _ width: Int, to bias: Tensor) {
    guard wants(bias) else { return }
    updateSums(bias) { sums, adding in
      reading(g) {
        braid_sum_rows(
          g.type.code, Int64(count), Int64(width), $0 + first * width * g.type.size, adding ? 1 : 0, sums)
      }
    }
  }

  /// As `update`; without memory where no gradient is wanted.
  private func updateIfWanted(_ place: Place, _ body: (UnsafeMutableRawPointer?, _ adding: Bool) -> Void) {
    if wants(place) { update(place) { body($0, $1) } } else { body(nil, false) }
  }
}

/// d = d activation'(h), then h = activation(h).
private func differentiate(
  _ activation: Activation, _ type: ElementType, _ count: Int, _ h: UnsafeMutableRawPointer,
  _ d: UnsafeMutableRawPointer
) {
  if activation == .gelu && type == .bf16 {
    let values = h.assumingMemoryBound(to: UInt16.self)
    return braid_gelu_both(Int64(count), values, values, d.assumingMemoryBound(to: UInt16.self))
  }
  if activation != .none {
    braid_unary_backward(activation.code, type.code, Int64(count), h, d, d)
    activate(activation, type, count, h, h)
  }
}

private func activate(
  _ activation: Activation, _ type: ElementType, _ count: Int, _ x: UnsafeMutableRawPointer,
  _ y: UnsafeMutableRawPointer
) {
  if activation != .none {
    braid_unary(activation.code, type.code, Int64(count), x, y)
  } else if x != y {
    y.copyMemory(from: x, byteCount: count * type.size)
  }
}
