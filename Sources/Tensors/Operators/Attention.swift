import COneDNN

extension Tape {
  /// Scaled dot-product attention (Vaswani et al. 2017) in `heads` heads: q `[B, Tq, W]`, k and v `[B, Tk, W]`,
  /// result `[B, Tq, W]`; scores are scaled by 1 / sqrt(W / heads).
  ///
  /// keyMask `[B, Tk]`: 1 attend, 0 not; a query that may attend to no key gets 0. `causal`: a query sees only
  /// keys up to its own place, counted from the end where there are more keys than queries.
  public func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let a = AttentionShape(q, k, v, heads: heads, keyMask: keyMask)
    let (query, key, value) = (operand(q), operand(k), operand(v))
    let p = weights(a, query, key, keyMask, causal)
    let y = Tensor(q.shape, precision) {
      product(a.mixing, p, a.scoreView, value, a.keyView, into: $0, a.queryView, type: precision)
    }
    guard records(q, k, v) else { return y }
    record(y) { [unowned self] g in
      if wants(v) {
        // dV = Pᵀ g
        let dv = Tensor(v.shape, v.type) {
          product(
            ProductSize(stack: a.stack, rows: a.keys, inner: a.queries, columns: a.depth), p,
            a.scoreView.transposed, g, a.queryView, into: $0, a.keyView, type: v.type)
        }
        accumulate(dv, into: v)
      }
      guard wants(q) || wants(k) else { return }
      // dP = g Vᵀ, dS = scale P (dP - rowsum(dP P)), dQ = dS K, dK = dSᵀ Q
      let ds = Tensor(p.shape, p.type) { out in
        product(a.scoring, g, a.queryView, value, a.keyView.transposed, into: out, a.scoreView, type: p.type)
        reading(p) {
          braid_attention_softmax_backward(
            p.type.code, Int64(a.batch * heads * a.queries), Int64(a.keys), $0, a.scale, out)
        }
      }
      if wants(q) {
        let dq = Tensor(q.shape, q.type) {
          product(a.mixing, ds, a.scoreView, key, a.keyView, into: $0, a.queryView, type: q.type)
        }
        accumulate(dq, into: q)
      }
      if wants(k) {
        let dk = Tensor(k.shape, k.type) {
          product(
            ProductSize(stack: a.stack, rows: a.keys, inner: a.queries, columns: a.depth), ds,
            a.scoreView.transposed, query, a.queryView, into: $0, a.keyView, type: k.type)
        }
        accumulate(dk, into: k)
      }
    }
    return y
  }

  /// What each query attends to: `[B, heads, Tq, Tk]`, rows summing to 1 (or 0 without keys). For evidence; no
  /// gradient flows through it.
  public func attentionWeights(
    _ q: Tensor, _ k: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    weights(
      AttentionShape(q, k, k, heads: heads, keyMask: keyMask), operand(q), operand(k), keyMask, causal
    ).converted(to: .f32)
  }

  private func weights(_ a: AttentionShape, _ q: Tensor, _ k: Tensor, _ mask: Tensor?, _ causal: Bool)
    -> Tensor
  {
    let mask = mask?.converted(to: .f32)
    return Tensor([a.batch, a.stack.1, a.queries, a.keys], precision) { out in
      product(
        a.scoring, q, a.queryView, k, a.keyView.transposed, into: out, a.scoreView, type: precision,
        scale: a.scale)
      withExtendedLifetime(mask) {
        braid_attention_softmax(
          precision.code, Int64(a.batch), Int64(a.stack.1), Int64(a.queries), Int64(a.keys),
          mask?.storage.pointer.floats, causal ? 1 : 0, out)
      }
    }
  }
}

/// The sizes of one attention and how its products see heads inside rows of width W.
private struct AttentionShape {
  let batch: Int
  let queries: Int
  let keys: Int
  let depth: Int
  let stack: (Int, Int)
  let scale: Float
  let queryView: MatrixView
  let keyView: MatrixView
  let scoreView: MatrixView

  /// [Tq, depth] by [depth, Tk], and [Tq, Tk] by [Tk, depth].
  var scoring: ProductSize { ProductSize(stack: stack, rows: queries, inner: depth, columns: keys) }
  var mixing: ProductSize { ProductSize(stack: stack, rows: queries, inner: keys, columns: depth) }

  init(_ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int, keyMask: Tensor?) {
    precondition(
      q.rank == 3 && k.rank == 3 && k.shape == v.shape && q.shape[0] == k.shape[0] && q.shape[2] == k.shape[2]
        && heads > 0 && q.shape[2] % heads == 0
        && (keyMask?.shape ?? [k.shape[0], k.shape[1]]) == [k.shape[0], k.shape[1]],
      "attention: q \(q.shape), k \(k.shape), v \(v.shape), mask \(keyMask?.shape ?? []) in \(heads) heads do not fit."
    )
    let width = q.shape[2]
    batch = q.shape[0]
    queries = q.shape[1]
    keys = k.shape[1]
    depth = width / heads
    stack = (batch, heads)
    scale = 1 / Float(depth).squareRoot()
    queryView = MatrixView(stack: (queries * width, depth), row: width)
    keyView = MatrixView(stack: (keys * width, depth), row: width)
    scoreView = MatrixView(stack: (heads * queries * keys, queries * keys), row: keys)
  }
}
