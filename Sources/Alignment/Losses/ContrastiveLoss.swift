import Tensors

/// Brings inputs and their texts together and pushes others apart. Texts that stand more than once in a batch
/// are compared once, so that no equal text is ever a negative.
public enum ContrastiveLoss: String, Sendable, Codable, CaseIterable {
  /// Symmetric cross entropy over the similarities (Radford et al. 2021), the target shared out evenly over
  /// all positives of a row or column (Khosla et al. 2020).
  case infoNCE
  /// A binary decision for every pair (Zhai et al. 2023).
  case sigmoid

  /// - Parameters:
  ///   - inputs: `[n, width]`, unit length.
  ///   - texts: `[m, width]`, unit length, all different.
  ///   - positives: `[n * m]`, row-major: whether text j belongs to input i.
  ///   - logScale: `[]`, logarithm of the factor on the similarities.
  ///   - bias: `[]`, added to the similarities by the sigmoid loss.
  /// - Returns: mean loss of the batch, `[]`. Inputs without any text, and texts without any input, do not
  ///   take part in the sides that need one.
  public func callAsFunction(
    inputs: Tensor, texts: Tensor, positives: [Bool], logScale: Tensor, bias: Tensor, on tape: Tape
  ) -> Tensor {
    let (n, m) = (inputs.shape[0], texts.shape[0])
    precondition(positives.count == n * m)
    let similarity = tape.matmul(inputs, texts, transposeA: false, transposeB: true)
    let logits = tape.multiply(similarity, tape.exp(logScale))
    switch self {
    case .infoNCE:
      let across = side(logits, n, m) { positives[$0 * m + $1] }
      let down = side(logits, m, n) { positives[$1 * m + $0] }
      let toText = tape.crossEntropy(logits, targets: across.targets, weights: across.weights)
      let toInput = tape.crossEntropy(
        tape.transpose(logits, axes: [1, 0]), targets: down.targets, weights: down.weights)
      return tape.scale(tape.add(toText, toInput), by: 0.5)
    case .sigmoid:
      let pairs = Tensor(positives.map { $0 ? 1 : 0 }, shape: [n, m])
      let all = tape.binaryCrossEntropy(tape.add(logits, bias), targets: pairs, weights: nil)
      // The paper sums over the texts of an input and takes the mean over the inputs.
      return tape.scale(all, by: Float(m))
    }
  }

  private func side(
    _ logits: Tensor, _ rows: Int, _ columns: Int, _ positive: (Int, Int) -> Bool
  ) -> (targets: Tensor, weights: [Float]) {
    var weights = [Float](repeating: 0, count: rows)
    let targets = Tensor(shape: [rows, columns]) { out in
      for row in 0..<rows {
        let found = (0..<columns).filter { positive(row, $0) }.count
        weights[row] = found > 0 ? 1 : 0
        for column in 0..<columns {
          out[row * columns + column] = positive(row, column) ? 1 / Float(found) : 0
        }
      }
    }
    return (targets, weights)
  }
}
