import Layers
import Tensors

/// What the places of an input say of each label: every label attends to the tokens in its own way and takes what
/// it finds there (attention pooling of Ilse et al. 2018, "Attention-based Deep Multiple Instance Learning", one a
/// label). A small finding in one place is not lost in the summary of the whole.
struct LabelAttention: Layer {
  var norm: LayerNorm
  var attention: Linear  // width to labels
  var evidence: Linear  // width to labels

  init(_ width: Int, labels: Int, using rng: inout some RandomNumberGenerator) {
    norm = LayerNorm(width)
    attention = Linear(width, to: labels, bias: false, using: &rng)
    evidence = Linear(width, to: labels, bias: false, using: &rng)
  }

  /// - Returns: `[batch, labels]`, to be added to the logits.
  func callAsFunction(_ encoded: Encoded, on tape: Tape) -> Tensor {
    let tokens = norm(encoded.tokens, on: tape)
    let shares = tape.softmax(tape.transpose(attention(tokens, on: tape), axes: [0, 2, 1]))
    let found = tape.transpose(evidence(tokens, on: tape), axes: [0, 2, 1])
    return tape.sum(tape.multiply(shares, found), axis: 2)
  }

  mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try norm.walk("\(prefix).norm", &visitor)
    try attention.walk("\(prefix).attention", &visitor)
    try evidence.walk("\(prefix).evidence", &visitor)
  }
}
