import Layers
import Tensors

/// Writes texts for one scan token by token, several side by side, and remembers what was written.
struct Pen {
  private let decoder: SentenceDecoder
  private let rows: Int
  private var memories: [TransformerBlock.Memory]
  private var place = 0

  /// - Parameters:
  ///   - context: of one scan; see `SentenceDecoder.context`.
  ///   - rows: texts side by side, at most.
  init(_ decoder: SentenceDecoder, context: (tokens: Tensor, mask: Tensor), rows: Int, on tape: Tape) {
    (self.decoder, self.rows) = (decoder, rows)
    let all = [Int](repeating: 0, count: rows)
    let tokens = tape.take(context.tokens, axis: 0, indices: all)
    let mask = tape.take(context.mask, axis: 0, indices: all)
    memories = decoder.blocks.map { $0.memory(rows: rows, context: tokens, contextMask: mask, on: tape) }
  }

  /// Writes one token in each text.
  /// - Parameters:
  ///   - ids: one a text, no more than there are rows.
  ///   - before: the row that each text stood in so far.
  /// - Returns: logarithms of the next tokens' probabilities, `[text, vocabulary]`.
  mutating func write(_ ids: [Int], after before: [Int], on tape: Tape) -> [Float] {
    // Rows without a text repeat the first, so that shapes stay as they are.
    let spare = rows - ids.count
    let ids = ids + [Int](repeating: ids[0], count: spare)
    let before = before + [Int](repeating: before[0], count: spare)
    var x = decoder.tokens(ids, shape: [rows, 1], on: tape)
    x = tape.add(x, decoder.positions([place], shape: [1], on: tape))
    for block in decoder.blocks.indices {
      memories[block].own.take(before)
      x = decoder.blocks[block].step(x, &memories[block], on: tape)
    }
    place += 1
    return tape.logSoftmax(decoder.logits(x, on: tape)).floats()
  }
}
