import Tensors

extension TransformerBlock {
  /// What a block remembers between two tokens.
  public struct Memory: Sendable {
    /// Of the attention among the tokens.
    public var own: AttentionMemory
    let context: (keys: Tensor, values: Tensor)?
    let contextMask: Tensor?
  }

  /// A memory of no token yet.
  /// - Parameters:
  ///   - context: `[rows, keys, context width]`, which stays the same for all tokens; nil without one.
  ///   - contextMask: `[rows, keys]`, 1 where a key is there; nil: all are.
  public func memory(rows: Int, context: Tensor?, contextMask: Tensor?, on tape: Tape) -> Memory {
    Memory(
      own: AttentionMemory(rows: rows, width: attention.width),
      context: context.flatMap { contextAttention?.remembered($0, on: tape) }, contextMask: contextMask)
  }

  /// The block for one more token a row, in inference: the same as the whole with `causal` gives at the last place.
  /// - Parameters:
  ///   - x: `[rows, 1, width]`.
  ///   - memory: of the tokens before; the new one is added to it.
  public func step(_ x: Tensor, _ memory: inout Memory, on tape: Tape) -> Tensor {
    func enter(_ x: Tensor, _ norm: LayerNorm) -> Tensor { order == .before ? norm(x, on: tape) : x }
    func leave(_ x: Tensor, _ norm: LayerNorm) -> Tensor { order == .after ? norm(x, on: tape) : x }
    var sum = leave(
      attention.step(enter(x, attentionNorm), &memory.own, adding: x, on: tape), attentionNorm)
    if let contextNorm, let contextAttention, let context = memory.context {
      let found = contextAttention.step(
        enter(sum, contextNorm), context: context, mask: memory.contextMask, adding: sum, on: tape)
      sum = leave(found, contextNorm)
    }
    return leave(feedForward(enter(sum, feedForwardNorm), adding: sum, on: tape), feedForwardNorm)
  }
}
