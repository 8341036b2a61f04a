import COneDNN

extension Tape {
  /// Scaled dot-product attention (Vaswani et al. 2017) in `heads` heads: q `[B, Tq, W]`, k and v `[B, Tk, W]`,
  /// result `[B, Tq, W]`; scores are scaled by 1 / sqrt(W / heads).
  ///
  /// keyMask `[B, Tk]`: 1 attend, 0 not; a query that may attend to no key gets 0. `causal`: a query sees only
  /// keys up to its own place, counted from the end where there are more keys than queries. `coarse`: in inference,
  /// products may be of bf16 whatever the tape's precision, where the CPU multiplies it.
  public func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false,
    coarse: Bool = false
  ) -> Tensor {
    let a = AttentionShape(q, k, v, heads: heads, keyMask: keyMask, type: precision)
    let (query, key, value) = (operand(q), operand(k), operand(v))
    let training = records(q, k, v)
    let mask = keyMask?.converted(to: .f32)
    let quick =
      a.batch > 0 && a.queries > 0 && (precision == .bf16 || (coarse && !training))
      ? fused(a, query, key, value, mask, causal) : nil
    let y = quick ?? grouped(a, query, key, value, mask, causal)
    guard training else { return y }
    let (q, k, v) = (Place(q), Place(k), Place(v))
    record(y) { [unowned self] g in
      // dV = Pᵀ g, dP = g Vᵀ, dS = scale P (dP - rowsum(dP P)), dQ = dS K, dK = dSᵀ Q. P is made again group by
      // group: kept for a whole tower it would be most of the memory.
      let p = Tensor([a.group, heads, a.queries, a.keys], precision) { _ in }
      let ds = Tensor([a.group, heads, a.queries, a.keys], p.type) { _ in }
      let dq = wants(q) ? Tensor(q.shape, q.type) { _ in } : nil
      let dk = wants(k) ? Tensor(k.shape, k.type) { _ in } : nil
      let dv = wants(v) ? Tensor(v.shape, v.type) { _ in } : nil
      a.eachGroup { first, count in
        let (scores, queries, keys) = (a.scoreView, a.queryView.from(first), a.keyView.from(first))
        reading(p) { weigh(a, query, key, mask, causal, first, count, into: $0, scores) }
        if let dv {
          reading(dv) {
            product(
              a.gathering(count), p, scores.transposed, g, queries, into: $0, keys, type: dv.type)
          }
        }
        guard dq != nil || dk != nil else { return }
        reading(ds, p) { slopes, weights in
          product(
            a.scoring(count), g, queries, value, keys.transposed, into: slopes, a.scoreView, type: ds.type)
          braid_attention_softmax_backward(
            p.type.code, Int64(count * heads * a.queries), Int64(a.keys),
            weights + scores.offset * p.type.size, a.scale, slopes)
        }
        if let dq {
          reading(dq) {
            product(a.mixing(count), ds, a.scoreView, key, keys, into: $0, queries, type: dq.type)
          }
        }
        if let dk {
          reading(dk) {
            product(
              a.gathering(count), ds, a.scoreView.transposed, query, queries, into: $0, keys, type: dk.type)
          }
        }
      }
      if let dv { accumulate(dv, into: v) }
      if let dq { accumulate(dq, into: q) }
      if let dk { accumulate(dk, into: k) }
    }
    return y
  }

  /// What each query attends to: `[B, heads, Tq, Tk]`, rows summing to 1 (or 0 without keys). For evidence; no
  /// gradient flows through it.
  public func attentionWeights(
    _ q: Tensor, _ k: Tensor, heads: Int, keyMask: Tensor? = nil, causal: Bool = false
  ) -> Tensor {
    let a = AttentionShape(q, k, k, heads: heads, keyMask: keyMask, type: precision)
    let (query, key, mask) = (operand(q), operand(k), keyMask?.converted(to: .f32))
    return Tensor([a.batch, heads, a.queries, a.keys], precision) { out in
      a.eachGroup { first, count in
        weigh(a, query, key, mask, causal, first, count, into: out, a.scoreView.from(first))
      }
    }.converted(to: .f32)
  }

  /// Group by group, a group's worth of memory serving all.
  private func grouped(
    _ a: AttentionShape, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?, _ causal: Bool
  ) -> Tensor {
    let p = Tensor([a.group, a.heads, a.queries, a.keys], precision) { _ in }
    return Tensor(q.shape, precision) { out in
      a.eachGroup { first, count in
        reading(p) {
          weigh(a, q, k, mask, causal, first, count, into: $0, a.scoreView)
          product(
            a.mixing(count), p, a.scoreView, v, a.keyView.from(first), into: out, a.queryView.from(first),
            type: precision)
        }
      }
    }
  }

  /// One kernel for the whole attention, with products of bf16; nil where the CPU has none.
  private func fused(
    _ a: AttentionShape, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?, _ causal: Bool
  ) -> Tensor? {
    guard braid_has_attention() == 1 else { return nil }
    var done: Int32 = 0
    let y = Tensor(q.shape, precision) { out in
      done = withExtendedLifetime(mask) {
        reading(q, k, v) {
          braid_attention(
            precision.code, Int64(a.batch), Int64(a.heads), Int64(a.queries), Int64(a.keys), Int64(a.depth),
            $0,
            $1, $2, mask?.storage.pointer.floats, causal ? 1 : 0, out)
        }
      }
    }
    return done == 1 ? y : nil
  }

  /// Scores of `count` samples from `first` on, made into weights.
  private func weigh(
    _ a: AttentionShape, _ q: Tensor, _ k: Tensor, _ mask: Tensor?, _ causal: Bool, _ first: Int,
    _ count: Int, into out: UnsafeMutableRawPointer, _ view: MatrixView
  ) {
    product(
      a.scoring(count), q, a.queryView.from(first), k, a.keyView.from(first).transposed, into: out, view,
      type: precision, scale: a.scale)
    withExtendedLifetime(mask) {
      braid_attention_softmax(
        precision.code, Int64(count), Int64(a.heads), Int64(a.queries), Int64(a.keys),
        mask.map { $0.storage.pointer.floats + first * a.keys }, causal ? 1 : 0,
        out + view.offset * precision.size)
    }
  }
}

/// The sizes of one attention and how its products see heads inside rows of width W.
private struct AttentionShape {
  let batch: Int
  let queries: Int
  let keys: Int
  let heads: Int
  let depth: Int
  /// Samples worked on together: as many as keep their scores in the second cache.
  let group: Int
  let scale: Float
  let queryView: MatrixView
  let keyView: MatrixView
  let scoreView: MatrixView

  /// [Tq, depth] by [depth, Tk], [Tq, Tk] by [Tk, depth] and [Tk, Tq] by [Tq, depth], for `count` samples.
  func scoring(_ count: Int) -> ProductSize {
    ProductSize(stack: (count, heads), rows: queries, inner: depth, columns: keys)
  }
  func mixing(_ count: Int) -> ProductSize {
    ProductSize(stack: (count, heads), rows: queries, inner: keys, columns: depth)
  }
  func gathering(_ count: Int) -> ProductSize {
    ProductSize(stack: (count, heads), rows: keys, inner: queries, columns: depth)
  }

  func eachGroup(_ body: (_ first: Int, _ count: Int) -> Void) {
    for first in stride(from: 0, to: batch, by: group) { body(first, min(group, batch - first)) }
  }

  init(_ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int, keyMask: Tensor?, type: ElementType) {
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
    self.heads = heads
    group = max(1, min(batch, (1 << 20) / max(1, heads * queries * keys * type.size)))
    scale = 1 / Float(depth).squareRoot()
    queryView = MatrixView(stack: (queries * width, depth), row: width)
    keyView = MatrixView(stack: (keys * width, depth), row: width)
    scoreView = MatrixView(stack: (heads * queries * keys, queries * keys), row: keys)
  }
}
