import COneDNN

/// A function applied to a linear map's result within the product.
public enum Activation: String, Sendable, Codable {
  /// The result as it is.
  case none
  /// x Φ(x), the erf form.
  case gelu
  /// max(x, 0).
  case relu
  /// x σ(x).
  case silu
  /// x σ(1.702 x), the gelu of the first CLIP models (Hendrycks, Gimpel 2016).
  case quickGelu

  var code: Int32 {
    switch self {
    case .none: 0
    case .gelu: Int32(braid_gelu)
    case .relu: Int32(braid_relu)
    case .silu: Int32(braid_silu)
    case .quickGelu: Int32(braid_quick_gelu)
    }
  }
}

extension Tape {
  /// activation(x wᵀ + b): x `[..., in]`, weight `[out, in]`, bias `[out]`; result `[..., out]`.
  public func linear(_ x: Tensor, weight: Tensor, bias: Tensor? = nil, activation: Activation = .none)
    -> Tensor
  {
    let inputs = x.shape.last ?? 0
    precondition(
      weight.rank == 2 && weight.shape[1] == inputs
        && (bias?.shape ?? [weight.shape[0]]) == [weight.shape[0]],
      "linear: x \(x.shape), weight \(weight.shape) and bias \(bias?.shape ?? []) do not fit.")
    let outputs = weight.shape[0]
    let rows = inputs == 0 ? 0 : x.count / inputs
    let a = operand(x)
    let training = records(x, weight, bias)
    let size = ProductSize(rows: rows, inner: inputs, columns: outputs)
    let fused = activation == .relu ? activation : .none
    let (rowsOfX, columnsOfW) = (MatrixView(row: inputs), MatrixView(row: inputs).transposed)
    // Weights that stay the same are laid out for products once, at their first use.
    let packed =
      mode == .inference && weight.count > 0
      ? weight.storage.packed(from: weight.type, to: precision, inputs: inputs, outputs: outputs) : nil
    let z = Tensor(x.shape.dropLast() + [outputs], precision) { out in
      let (view, type) = (MatrixView(row: outputs), precision)
      let done =
        packed != nil
        && product(
          size, a, rowsOfX, weight, columnsOfW, bias: bias, into: out, view, type: type, activation: fused,
          packed: packed)
      if !done {
        product(
          size, a, rowsOfX, weightOperand(weight), columnsOfW, bias: bias, into: out, view, type: type,
          activation: fused)
      }
      // Our kernels are quicker than oneDNN's post-operations; without a way back they work in place.
      if !training && activation != fused {
        braid_unary(activation.code, precision.code, Int64(rows * outputs), out, out)
      }
    }
    guard training else { return z }
    // A frozen weight asks for no input on the way back.
    let (w, source, x) = (weightOperand(weight), wants(weight) ? kept(a) : nil, Place(x))
    // The way back through most needs their input; relu's needs only its output.
    let y =
      activation != fused
      ? Tensor(z.shape, z.type) { out in
        reading(z) { braid_unary(activation.code, z.type.code, Int64(z.count), $0, out) }
      } : z
    let before = activation == .none ? nil : z
    record(y) { [unowned self] g in
      let d = before.map { slope(activation.code, at: $0, times: g) } ?? g
      if let bias, wants(bias) {
        updateSums(bias) { sums, adding in
          reading(d) { braid_sum_rows(d.type.code, Int64(rows), Int64(outputs), $0, adding ? 1 : 0, sums) }
        }
      }
      if let source {
        update(weight) {
          product(
            ProductSize(rows: outputs, inner: rows, columns: inputs), d, MatrixView(row: outputs).transposed,
            source.values(),
            MatrixView(row: inputs), into: $0, MatrixView(row: inputs), type: weight.type, accumulate: $1)
        }
      }
      if wants(x) {
        update(x) {
          product(
            ProductSize(rows: rows, inner: outputs, columns: inputs), d, MatrixView(row: outputs), w,
            MatrixView(row: inputs), into: $0, MatrixView(row: inputs), type: x.type, accumulate: $1)
        }
      }
    }
    return y
  }
}
