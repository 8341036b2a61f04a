import COneDNN

extension Tape {
  /// Convolution with channels last: x `[B, H, W, C]`, weight `[out, kh, kw, C / groups]`, bias `[out]`; result
  /// `[B, H', W', out]` with H' = (H + 2 padding - kh) / stride + 1, rounded down. One-dimensional with H = 1.
  /// Stride and padding are by height, then width.
  public func convolution(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: (Int, Int) = (1, 1),
    padding: (Int, Int) = (0, 0),
    groups: Int = 1
  ) -> Tensor {
    precondition(
      x.rank == 4 && weight.rank == 4 && groups > 0 && weight.shape[3] * groups == x.shape[3]
        && weight.shape[0] % groups == 0 && (bias?.shape ?? [weight.shape[0]]) == [weight.shape[0]],
      "convolution: x \(x.shape), weight \(weight.shape), bias \(bias?.shape ?? []), \(groups) groups do not fit."
    )
    if (weight.shape[1], weight.shape[2]) == stride && padding == (0, 0) && groups == 1
      && x.shape[1] % stride.0 == 0 && x.shape[2] % stride.1 == 0
    {
      return patches(x, weight, bias)
    }
    let height = (x.shape[1] + 2 * padding.0 - weight.shape[1]) / stride.0 + 1
    let width = (x.shape[2] + 2 * padding.1 - weight.shape[2]) / stride.1 + 1
    precondition(
      x.shape[1] + 2 * padding.0 >= weight.shape[1] && x.shape[2] + 2 * padding.1 >= weight.shape[2],
      "convolution: the kernel \(weight.shape) is larger than the padded input \(x.shape).")
    var d = braid_convolution_t()
    (d.batch, d.height, d.width, d.channels) = (
      Int64(x.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]), Int64(x.shape[3])
    )
    (d.outputs, d.out_height, d.out_width) = (Int64(weight.shape[0]), Int64(height), Int64(width))
    (d.kernel_h, d.kernel_w) = (Int64(weight.shape[1]), Int64(weight.shape[2]))
    (d.stride_h, d.stride_w) = (Int64(stride.0), Int64(stride.1))
    (d.padding_h, d.padding_w, d.groups) = (Int64(padding.0), Int64(padding.1), Int64(groups))
    (d.type, d.type_weights) = (precision.code, 0)
    let size = d
    let (a, w) = (operand(x), weightOperand(weight))
    let bias32 = bias?.converted(to: .f32)
    let y = Tensor([x.shape[0], height, width, weight.shape[0]], precision) { out in
      withExtendedLifetime(bias32) {
        check(size, "convolve") { s in
          reading(a, w) { braid_convolution(s, $0, $1, bias32?.storage.pointer, out) }
        }
      }
    }
    guard records(x, weight, bias) else { return y }
    record(y) { [unowned self] g in
      if let bias, wants(bias) {
        updateSums(bias) { sums, adding in
          reading(g) {
            braid_sum_rows(
              g.type.code, Int64(g.count / weight.shape[0]), Int64(weight.shape[0]), $0, adding ? 1 : 0, sums)
          }
        }
      }
      if wants(weight) {
        let dw = Tensor(weight.shape, .f32) { out in
          check(size, "find the weights' gradient of") { s in
            reading(g, a) { braid_convolution_weights(s, $0, $1, out) }
          }
        }
        accumulate(dw, into: weight)
      }
      if wants(x) {
        let dx = Tensor(x.shape, precision) { out in
          check(size, "find the input's gradient of") { s in
            reading(g, w) { braid_convolution_data(s, $0, $1, out) }
          }
        }
        accumulate(dx, into: x)
      }
    }
    return y
  }

  /// Windows side by side are a linear map of patches: one product each way.
  private func patches(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let (kh, kw, channels) = (weight.shape[1], weight.shape[2], weight.shape[3])
    let (height, width) = (x.shape[1] / kh, x.shape[2] / kw)
    let shape = [x.shape[0], height, kh, width, kw * channels]
    let wide = [x.shape[0], height, width, kh * kw * channels]
    let input = cast(x, to: precision)
    let rows = cut(input, shape, wide)
    // Pictures take no gradient: their patches are cut again on the way back.
    if mode == .training && !wants(x) {
      let source = kept(input)
      remakes[rows.id] = Remake(stays: false) { [unowned self] in cut(source.values(), shape, wide) }
    }
    return linear(
      rows,
      weight: reshape(weight, [weight.shape[0], kh * kw * channels]), bias: bias)
  }

  private func cut(_ x: Tensor, _ shape: [Int], _ wide: [Int]) -> Tensor {
    let parts = reshape(x, shape)
    return reshape(shape[2] > 1 ? transpose(parts, axes: [0, 1, 3, 2, 4]) : parts, wide)
  }
}

private func check(
  _ size: braid_convolution_t, _ what: String, _ body: (UnsafePointer<braid_convolution_t>) -> Int32
) {
  if size.batch == 0 { return }
  let status = withUnsafePointer(to: size, body)
  precondition(status == 0, "oneDNN could not \(what) the convolution \(size) (status \(status)).")
}
