import Tensors

/// Keys and values of the tokens that went before, so that a causal decoder works on each token once (Shazeer 2019,
/// "Fast transformer decoding", section 2.4.1: incremental decoding). For inference; no gradient flows through it.
public struct AttentionMemory: Sendable {
  /// Places come in blocks: oneDNN makes new code for every shape, which takes longer than running it.
  private static let block = 16

  private let width: Int
  /// One list a row, `[place, width]`.
  private var keys: [[Float]]
  private var values: [[Float]]

  /// Tokens remembered a row.
  public var count: Int { keys.isEmpty ? 0 : keys[0].count / width }

  /// - Parameter rows: texts that are written side by side.
  public init(rows: Int, width: Int) {
    self.width = width
    keys = [[Float]](repeating: [], count: rows)
    values = keys
  }

  /// Adds one token a row.
  /// - Parameters:
  ///   - key: `[rows, 1, width]`, as are the values.
  mutating func append(_ key: Tensor, _ value: Tensor) {
    let (key, value) = (key.floats(), value.floats())
    for row in keys.indices {
      keys[row] += key[row * width..<(row + 1) * width]
      values[row] += value[row * width..<(row + 1) * width]
    }
  }

  /// Goes on from other rows: row `i` becomes what row `rows[i]` was.
  public mutating func take(_ rows: [Int]) {
    keys = rows.map { keys[$0] }
    values = rows.map { values[$0] }
  }

  /// Keys and values `[rows, places, width]`, and the mask `[rows, places]` that leaves out places beyond `count`.
  func tensors() -> (keys: Tensor, values: Tensor, mask: Tensor) {
    let count = count, places = (count + Self.block - 1) / Self.block * Self.block
    func padded(_ rows: [[Float]]) -> Tensor {
      Tensor(
        rows.flatMap { $0 + [Float](repeating: 0, count: (places - count) * width) },
        shape: [rows.count, places, width])
    }
    let row = (0..<places).map { $0 < count ? Float(1) : 0 }
    return (
      padded(keys), padded(values), Tensor(keys.flatMap { _ in row }, shape: [keys.count, places])
    )
  }
}

extension MultiHeadAttention {
  /// Attention of one more token a row to itself and to those before it.
  /// - Parameters:
  ///   - x: `[rows, 1, width]`.
  ///   - memory: of the tokens before; the new one is added to it.
  ///   - residual: added to the result, of its shape.
  /// - Returns: `[rows, 1, width]`.
  func step(_ x: Tensor, _ memory: inout AttentionMemory, adding residual: Tensor, on tape: Tape) -> Tensor {
    let (q, k, v, coarse) = projected(x, nil, on: tape)
    memory.append(k, v)
    let all = memory.tensors()
    let heads = rule.heads(tokens: all.keys.shape[1], width: width)
    let attended = tape.attention(q, all.keys, all.values, heads: heads, keyMask: all.mask, coarse: coarse)
    return out(attended, adding: residual, on: tape)
  }

  /// Keys and values of a context that many steps attend to.
  func remembered(_ context: Tensor, on tape: Tape) -> (keys: Tensor, values: Tensor) {
    guard let key = key as? Int8Linear, let value = value as? Int8Linear else {
      return (key(context, on: tape), value(context, on: tape))
    }
    let found = tape.linear(context, [key.map, value.map])
    return (found[0], found[1])
  }

  /// Attention to a context whose keys and values are known.
  /// - Parameter x: `[rows, 1, width]`.
  func step(
    _ x: Tensor, context: (keys: Tensor, values: Tensor), mask: Tensor?, adding residual: Tensor,
    on tape: Tape
  ) -> Tensor {
    let heads = rule.heads(tokens: context.keys.shape[1], width: width)
    let attended = tape.attention(
      query(x, on: tape), context.keys, context.values, heads: heads, keyMask: mask,
      coarse: query is Int8Linear)
    return out(attended, adding: residual, on: tape)
  }
}
