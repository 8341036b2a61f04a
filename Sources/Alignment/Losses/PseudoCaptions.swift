import Tensors

/// Rows without caption learn from the captions of those that have one (the caption-level loss of Mo et al. 2023,
/// "S-CLIP"): optimal transport between the two, by their places in the shared space, says whose captions fit, and the
/// similarity of such a row to the texts is to follow it.
public enum PseudoCaptions {
  /// - Parameters:
  ///   - inputs: `[rows, width]`, unit length, of the whole batch.
  ///   - bare: rows without caption, at least one.
  ///   - captioned: rows that have a caption, at least one.
  ///   - texts: `[texts, width]`, unit length.
  ///   - positives: `[captioned * texts]`, which texts belong to each captioned row; each has one at least.
  ///   - logScale: logarithm of the factor on the similarities, `[]`.
  ///   - regularisation: of the transport, in units of cosine distance.
  /// - Returns: mean cross-entropy over the bare rows, `[]`. No gradient flows through the transport.
  public static func loss(
    inputs: Tensor, bare: [Int], captioned: [Int], texts: Tensor, positives: [Bool], logScale: Tensor,
    regularisation: Float, on tape: Tape
  ) -> Tensor {
    let shares = shares(
      inputs.floats(), width: inputs.shape[1], bare: bare, captioned: captioned, texts: texts.shape[0],
      positives: positives, regularisation: regularisation)
    let asked = tape.take(inputs, axis: 0, indices: bare)
    let similarity = tape.matmul(asked, texts, transposeA: false, transposeB: true)
    return tape.crossEntropy(
      tape.multiply(similarity, tape.exp(logScale)),
      targets: Tensor(shares, shape: [bare.count, texts.shape[0]]))
  }

  /// How far each text is a bare row's: `[bare * texts]`, each row summing to 1.
  public static func shares(
    _ places: [Float], width: Int, bare: [Int], captioned: [Int], texts: Int, positives: [Bool],
    regularisation: Float
  ) -> [Float] {
    let costs = bare.flatMap { row in
      captioned.map { other in
        var cosine: Float = 0
        for index in 0..<width { cosine += places[row * width + index] * places[other * width + index] }
        return 1 - cosine
      }
    }
    let plan = OptimalTransport.plan(
      costs: costs, sources: bare.count, sinks: captioned.count, regularisation: regularisation)
    let counts = captioned.indices.map { row in
      positives[row * texts..<(row + 1) * texts].count { $0 }
    }
    var shares = [Float](repeating: 0, count: bare.count * texts)
    for row in bare.indices {
      let own = plan[row * captioned.count..<(row + 1) * captioned.count]
      let whole = own.reduce(0, +)
      for (other, moved) in zip(captioned.indices, own) {
        for text in 0..<texts where positives[other * texts + text] {
          shares[row * texts + text] += moved / whole / Float(counts[other])
        }
      }
    }
    return shares
  }
}
