import Foundation
import Layers
import Tensors
import Training

/// Writes the sentences of a report: a causal transformer that attends to the scan's tokens and to what the
/// findings head says of it.
public struct SentenceDecoder: Objective {
  /// The shape of a decoder.
  public struct Configuration: Sendable, Codable, Hashable {
    /// Tokens that the tokenizer knows.
    public var vocabulary: Int
    /// Longest report in tokens, begin and end included.
    public var length: Int
    /// Of a token, the same as the vision encoder's.
    public var width: Int
    /// Transformer blocks.
    public var depth: Int
    /// Attention heads of a block.
    public var heads: HeadRule
    /// Share of values dropped from what each part of a block adds, in training.
    public var dropout: Float

    /// - Parameters:
    ///   - vocabulary: number of tokens.
    ///   - length: of the longest report in tokens, begin and end included.
    ///   - width: of a token of the vision encoder.
    ///   - depth: transformer blocks.
    public init(
      vocabulary: Int, length: Int, width: Int, depth: Int, heads: HeadRule = .fixed(4), dropout: Float = 0.1
    ) {
      (self.vocabulary, self.length, self.width, self.depth) = (vocabulary, length, width, depth)
      (self.heads, self.dropout) = (heads, dropout)
    }
  }

  /// The shape that it was made with.
  public let configuration: Configuration
  var tokens: Embedding
  var positions: Embedding
  /// What is known of the findings, as one more token to attend to; one map a task with labels.
  var findings: [Int: Linear]
  var blocks: [TransformerBlock]
  var norm: LayerNorm

  /// - Parameter tasks: number of labels of each task, by index.
  public init(
    _ configuration: Configuration, tasks: [Int: Int], using rng: inout some RandomNumberGenerator
  ) {
    self.configuration = configuration
    let width = configuration.width
    tokens = Embedding(configuration.vocabulary, width: width, using: &rng)
    positions = Embedding(configuration.length, width: width, using: &rng)
    findings = [:]
    for (task, labels) in tasks.sorted(by: { $0.key < $1.key }) {
      findings[task] = Linear(labels, to: width, using: &rng)
    }
    blocks = []
    for _ in 0..<configuration.depth {
      blocks.append(
        TransformerBlock(width, hidden: 4 * width, heads: configuration.heads, context: width, using: &rng))
    }
    norm = LayerNorm(width)
  }

  /// What the decoder attends to: the scan's tokens and, in front, one for the findings.
  /// - Parameter labels: shares of each label, one row an input; nil rows are unknown.
  func context(
    _ encoded: Encoded, task: Int, labels: [[Float]?], on tape: Tape
  ) -> (tokens: Tensor, mask: Tensor) {
    let (batch, count, width) = (encoded.tokens.shape[0], encoded.tokens.shape[1], configuration.width)
    let present = encoded.mask?.floats() ?? [Float](repeating: 1, count: batch * count)
    guard let map = findings[task], let size = labels.compactMap({ $0?.count }).first else {
      return (encoded.tokens, Tensor(present, shape: [batch, count]))
    }
    // Centred, so that "unlikely" speaks as loudly as "likely".
    let known = Tensor(
      labels.flatMap { $0?.map { 2 * $0 - 1 } ?? [Float](repeating: 0, count: size) }, shape: [batch, size])
    let token = tape.reshape(map(known, on: tape), [batch, 1, width])
    var mask: [Float] = []
    for row in 0..<batch {
      mask.append(labels[row] == nil ? 0 : 1)
      mask += present[row * count..<(row + 1) * count]
    }
    return (
      tape.concatenate([token, encoded.tokens], axis: 1), Tensor(mask, shape: [batch, count + 1])
    )
  }

  /// - Parameters:
  ///   - ids: `[batch][length]`, padded with 0.
  /// - Returns: logits of the next token, `[batch, length, vocabulary]`.
  func next(
    _ ids: [[Int]], context: (tokens: Tensor, mask: Tensor), on tape: Tape,
    using rng: inout some RandomNumberGenerator
  ) -> Tensor {
    let (batch, length) = (ids.count, ids[0].count)
    var x = tokens(ids.flatMap { $0 }, shape: [batch, length], on: tape)
    x = tape.add(x, positions(Array(0..<length), shape: [length], on: tape))
    let options = TransformerBlock.Options(
      causal: true, context: context.tokens, contextMask: context.mask, dropout: configuration.dropout)
    for block in blocks { x = block(x, options, on: tape, using: &rng) }
    return logits(x, on: tape)
  }

  /// The output map is the token table (Press, Wolf 2017): fewer weights, better with few texts.
  func logits(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.linear(norm(x, on: tape), weight: tokens.weight, bias: nil, activation: .none)
  }

  /// Cross-entropy of each next token, of the rows that have a text (teacher forcing). In three rows of ten, drawn by
  /// chance, the findings are hidden.
  public func losses(
    _ encoded: Encoded, _ targets: BatchTargets, on tape: Tape, using rng: inout some RandomNumberGenerator
  ) -> [LossTerm] {
    let rows = targets.texts.indices.filter { targets.texts[$0] != nil }
    guard !rows.isEmpty else { return [] }
    let texts = rows.compactMap { targets.texts[$0] }.map { Array($0.prefix(configuration.length + 1)) }
    let length = (texts.map(\.count).max() ?? 1) - 1
    guard length > 0 else { return [] }
    let chosen = Encoded(
      tokens: tape.take(encoded.tokens, axis: 0, indices: rows),
      mask: encoded.mask.map { tape.take($0, axis: 0, indices: rows) },
      summary: encoded.summary)
    // Now and then the findings are hidden, so that the decoder learns to look for itself.
    let labels = rows.map { rng.uniform() < 0.3 ? nil : targets.labels[$0] }
    let context = context(chosen, task: targets.task, labels: labels, on: tape)
    let inputs = texts.map { text in (0..<length).map { $0 < text.count - 1 ? text[$0] : 0 } }
    let logits = next(inputs, context: context, on: tape, using: &rng)
    let vocabulary = configuration.vocabulary
    var weights = [Float](repeating: 0, count: rows.count * length)
    let wanted = Tensor(shape: [rows.count * length, vocabulary]) { out in
      out.initialize(repeating: 0)
      for (row, text) in texts.enumerated() {
        for place in 0..<min(length, text.count - 1) {
          weights[row * length + place] = 1
          out[(row * length + place) * vocabulary + text[place + 1]] = 1
        }
      }
    }
    let count = weights.reduce(0, +)
    let flat = tape.reshape(logits, [rows.count * length, vocabulary])
    let mean = tape.crossEntropy(flat, targets: wanted, weights: weights)
    return [LossTerm("sentences", sum: tape.scale(mean, by: count), count: count)]
  }

  /// None: it answers in sentences; see `write`.
  public func answers(_ encoded: Encoded, task: Int, on tape: Tape) -> Answers { Answers() }

  /// With the linear maps of its blocks in 8 bits, for inference; nothing trains or saves those.
  public func rounded() -> SentenceDecoder {
    var copy = self
    copy.blocks = blocks.map { $0.rounded() }
    return copy
  }

  /// Visits every parameter by its name. The output map is the table of tokens and has no name of its own.
  public mutating func walk(_ prefix: String, _ visitor: inout some ParameterVisitor) throws {
    try tokens.walk("\(prefix).tokens", &visitor)
    try positions.walk("\(prefix).positions", &visitor)
    for task in findings.keys.sorted() { try findings[task]?.walk("\(prefix).findings.\(task)", &visitor) }
    for index in blocks.indices { try blocks[index].walk("\(prefix).blocks.\(index)", &visitor) }
    try norm.walk("\(prefix).norm", &visitor)
  }
}
