import Tensors

/// Two augmented views of one input belong together, those of different inputs do not (the NT-Xent loss of
/// Chen et al. 2020, between the two views): learns from rows without label or text.
public enum ViewLoss {
  /// - Parameters:
  ///   - first, second: `[n, width]`, unit length, row i of both from the same input.
  ///   - temperature: divides the similarities.
  /// - Returns: mean loss, `[]`.
  public static func loss(_ first: Tensor, _ second: Tensor, temperature: Float, on tape: Tape) -> Tensor {
    let count = first.shape[0]
    let similarity = tape.matmul(first, second, transposeA: false, transposeB: true)
    let logits = tape.scale(similarity, by: 1 / temperature)
    let same = Tensor(
      (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: [count, count])
    let forth = tape.crossEntropy(logits, targets: same, weights: nil)
    let back = tape.crossEntropy(tape.transpose(logits, axes: [1, 0]), targets: same, weights: nil)
    return tape.scale(tape.add(forth, back), by: 0.5)
  }
}
