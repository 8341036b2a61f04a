import COneDNN

/// A matrix, or a stack of them, as a product reads it: element strides by row and column, from `offset` on.
struct MatrixView {
  var stack: (Int, Int) = (0, 0)
  var row: Int
  var column: Int = 1
  var offset: Int = 0

  var transposed: MatrixView { MatrixView(stack: stack, row: column, column: row, offset: offset) }

  /// The view from a place of the outer stack on.
  func from(_ place: Int) -> MatrixView {
    var view = self
    view.offset += place * stack.0
    return view
  }
}

/// Sizes of a product: `stack` independent products of [rows, inner] by [inner, columns].
struct ProductSize {
  var stack: (Int, Int) = (1, 1)
  var rows: Int
  var inner: Int
  var columns: Int
}

/// One product by oneDNN: c = activation(scale a b + bias), or c += scale a b. False only with `packed` (b's
/// bytes laid out for products of a's type) where oneDNN has no kernel that takes it: nothing is written then.
@discardableResult
func product(
  _ size: ProductSize, _ a: Tensor, _ viewA: MatrixView, _ b: Tensor, _ viewB: MatrixView,
  bias: Tensor? = nil,
  into c: UnsafeMutableRawPointer, _ viewC: MatrixView, type: ElementType, activation: Activation = .none,
  scale: Float = 1, accumulate: Bool = false, packed: Storage? = nil
) -> Bool {
  if size.stack.0 * size.stack.1 * size.rows * size.columns == 0 { return true }
  if size.inner == 0 {
    precondition(size.stack == (1, 1), "A stack of products over no elements.")
    if !accumulate {
      _ = c.initializeMemory(as: UInt8.self, repeating: 0, count: size.rows * size.columns * type.size)
    }
    return true
  }
  var d = braid_matmul_t()
  (d.batch0, d.batch1) = (Int64(size.stack.0), Int64(size.stack.1))
  (d.m, d.n, d.k) = (Int64(size.rows), Int64(size.columns), Int64(size.inner))
  (d.a0, d.a1, d.am, d.ak) = (
    Int64(viewA.stack.0), Int64(viewA.stack.1), Int64(viewA.row), Int64(viewA.column)
  )
  (d.b0, d.b1, d.bk, d.bn) = (
    Int64(viewB.stack.0), Int64(viewB.stack.1), Int64(viewB.row), Int64(viewB.column)
  )
  (d.c0, d.c1, d.cm) = (Int64(viewC.stack.0), Int64(viewC.stack.1), Int64(viewC.row))
  (d.type_a, d.type_b, d.type_c) = (a.type.code, b.type.code, type.code)
  d.type_bias = bias?.type.code ?? 0
  d.has_bias = bias == nil ? 0 : 1
  d.accumulate = accumulate ? 1 : 0
  d.activation = activation.code
  d.scale = scale
  d.packed = packed == nil ? 0 : 1
  if packed != nil { d.type_b = a.type.code }
  let status = withExtendedLifetime((bias, packed)) {
    reading(a, b) {
      braid_matmul(
        &d, $0 + viewA.offset * a.type.size, packed?.pointer ?? $1 + viewB.offset * b.type.size,
        bias?.storage.pointer, c + viewC.offset * type.size)
    }
  }
  if status == -1 { return false }
  precondition(
    status == 0,
    "oneDNN could not multiply [\(size.rows), \(size.inner)] by [\(size.inner), \(size.columns)] (status \(status))."
  )
  return true
}

extension Tape {
  /// a b, or with either transposed: matrices `[m, k] [k, n]`, or stacks of them with equal leading axes, or a
  /// stack by one matrix b. In a bf16 tape the result is bf16.
  public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false) -> Tensor {
    precondition(
      a.rank >= 2 && b.rank >= 2 && (b.rank == 2 || a.shape.dropLast(2) == b.shape.dropLast(2)),
      "matmul cannot multiply stacks of the shapes \(a.shape) and \(b.shape).")
    let (a0, a1) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    let (b0, b1) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    let size = ProductSize(
      stack: (1, a.count == 0 ? 0 : a.count / (a0 * a1)), rows: transposeA ? a1 : a0,
      inner: transposeA ? a0 : a1, columns: transposeB ? b0 : b1)
    precondition(
      size.inner == (transposeB ? b1 : b0),
      "matmul: the inner sizes of \(a.shape)\(transposeA ? "ᵀ" : "") and \(b.shape)\(transposeB ? "ᵀ" : "") differ."
    )
    var plainA = MatrixView(stack: (0, a0 * a1), row: a1)
    var plainB = MatrixView(stack: (0, b.rank == 2 ? 0 : b0 * b1), row: b1)
    var size2 = size
    // A stack times one matrix is one tall product where the stack's rows follow one another.
    if b.rank == 2, !transposeA, size.stack.1 > 1 {
      size2 = ProductSize(rows: size.rows * size.stack.1, inner: size.inner, columns: size.columns)
      plainA.stack = (0, 0)
      plainB.stack = (0, 0)
    }
    let viewA = transposeA ? plainA.transposed : plainA
    let viewB = transposeB ? plainB.transposed : plainB
    let viewC = MatrixView(stack: (0, size2.rows * size2.columns), row: size2.columns)
    let (x, w) = (operand(a), operand(b))
    let whole = size2
    let y = Tensor(a.shape.dropLast(2) + [size.rows, size.columns], precision) {
      product(whole, x, viewA, w, viewB, into: $0, viewC, type: precision)
    }
    if records(a, b) {
      record(y) { [unowned self] g in
        if wants(a) {
          // dA = g Bᵀ, or transposed B gᵀ.
          let da = Tensor(a.shape, a.type) { out in
            if transposeA {
              product(
                ProductSize(stack: whole.stack, rows: whole.inner, inner: whole.columns, columns: whole.rows),
                w,
                viewB, g, viewC.transposed, into: out, plainA, type: a.type)
            } else {
              product(
                ProductSize(stack: whole.stack, rows: whole.rows, inner: whole.columns, columns: whole.inner),
                g,
                viewC, w, viewB.transposed, into: out, plainA, type: a.type)
            }
          }
          accumulate(da, into: a)
        }
        if wants(b) {
          accumulate(self.gradientOfRight(x, viewA, g, viewC, b, plainB, transposeB, whole), into: b)
        }
      }
    }
    return y
  }

  /// dB = Aᵀ g, or transposed gᵀ A; a b shared by the whole stack gets the sum.
  private func gradientOfRight(
    _ x: Tensor, _ viewA: MatrixView, _ g: Tensor, _ viewC: MatrixView, _ b: Tensor, _ plainB: MatrixView,
    _ transposeB: Bool, _ size: ProductSize
  ) -> Tensor {
    let shared = b.rank == 2 && size.stack.1 > 1
    let (rows, columns) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    let stack = ProductSize(stack: size.stack, rows: rows, inner: size.rows, columns: columns)
    let out = MatrixView(stack: (0, rows * columns), row: columns)
    let type: ElementType = shared ? .f32 : b.type
    let each = Tensor((shared ? [size.stack.1] : []) + b.shape, type) {
      if transposeB {
        product(stack, g, viewC.transposed, x, viewA, into: $0, out, type: type)
      } else {
        product(stack, x, viewA.transposed, g, viewC, into: $0, out, type: type)
      }
    }
    return shared ? reduced(each, axis: 0, keep: false, scale: 1) : each
  }
}
