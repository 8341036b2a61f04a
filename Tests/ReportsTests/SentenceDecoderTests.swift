import Layers
import Reports
import Tensors
import Testing
import Training

@Suite("Sentence decoder")
struct SentenceDecoderTests {
  private let begin = 1, end = 2
  private let texts: [[Int]?] = [[1, 5, 6, 7, 2], [1, 8, 6, 9, 10, 11, 2]]

  private func decoder(tasks: [Int: Int], dropout: Float = 0) -> SentenceDecoder {
    var rng = SeededGenerator(seed: 1)
    return SentenceDecoder(
      .init(vocabulary: 12, length: 8, width: 16, depth: 2, heads: .fixed(2), dropout: dropout), tasks: tasks,
      using: &rng)
  }

  /// Tokens of scans; equal seeds give equal scans.
  private func scans(_ seeds: [UInt64]) -> Encoded {
    let values = seeds.flatMap { seed -> [Float] in
      var rng = SeededGenerator(seed: 100 + seed)
      return (0..<3 * 16).map { _ in rng.normal() }
    }
    return Encoded(
      tokens: Tensor(values, shape: [seeds.count, 3, 16]), summary: Tensor(zeros: [seeds.count, 16]))
  }

  private func trained(
    _ start: SentenceDecoder, _ encoded: Encoded, _ labels: [[Float]?], steps: Int
  ) -> SentenceDecoder {
    var decoder = start, optimiser = AdamW(weightDecay: 0), rng = SeededGenerator(seed: 2)
    let targets = BatchTargets(task: 0, labels: labels, values: labels.map { _ in nil }, texts: texts)
    for _ in 0..<steps {
      let tape = Tape(.training)
      decoder.watch(on: tape)
      let loss = decoder.losses(encoded, targets, on: tape, using: &rng)[0]
      tape.backward(from: tape.scale(loss.sum, by: 1 / loss.count))
      let parameters = decoder.parameters("").map(\.tensor)
      decoder = decoder.replacing(
        with: optimiser.update(
          parameters, gradients: parameters.map { tape.gradient(of: $0) }, learningRate: 0.01))
    }
    return decoder
  }

  @Test("Learns two texts by their scans and writes them back", arguments: [1, 3])
  func overfit(_ beams: Int) {
    let decoder = trained(decoder(tasks: [:]), scans([1, 2]), [nil, nil], steps: 120)
    for (index, text) in texts.enumerated() {
      let written = decoder.write(
        scans([UInt64(index + 1)]), task: 0, labels: nil, begin: begin, end: end, beams: beams)
      #expect(written.ids == text.map { Array($0.dropFirst().dropLast()) })
      #expect(written.confidence > -0.1 && written.confidence <= 0)
    }
  }

  @Test("Of equal scans the findings decide what is written")
  func findings() {
    let decoder = trained(decoder(tasks: [0: 2]), scans([1, 1]), [[1, 0], [0, 1]], steps: 200)
    for (labels, text) in zip([[1, 0], [0, 1]] as [[Float]], texts) {
      let written = decoder.write(scans([1]), task: 0, labels: labels, begin: begin, end: end)
      #expect(written.ids == text.map { Array($0.dropFirst().dropLast()) })
    }
  }

  private func loss(_ decoder: SentenceDecoder, _ text: [Int]) -> Float {
    var rng = SeededGenerator(seed: 3)
    let targets = BatchTargets(task: 0, labels: [nil], values: [nil], texts: [text])
    return decoder.losses(scans([1]), targets, on: Tape(.inference), using: &rng)[0].sum.item
  }

  @Test("A token does not change what was expected before it")
  func causal() {
    let decoder = decoder(tasks: [:])
    // Chances of all continuations add up to 1 only if the earlier tokens' chances stay as they were.
    let short = loss(decoder, [1, 5, 6])
    let sum = (0..<12).reduce(Float(0)) { $0 + exponential(short - loss(decoder, [1, 5, 6, $1])) }
    #expect(abs(sum - 1) < 1e-4)
    // And the text so far matters to what comes next.
    let a = loss(decoder, [1, 5, 6, 7]) - loss(decoder, [1, 5, 6]),
      b = loss(decoder, [1, 9, 6, 7]) - loss(decoder, [1, 9, 6])
    #expect(abs(a - b) > 1e-5)
  }

  private func exponential(_ x: Float) -> Float { Tape(.inference).exp(Tensor.scalar(x)).item }

  @Test("Losses count tokens, leave rows without text out, and do not see padding")
  func counting() {
    let decoder = decoder(tasks: [:])
    var rng = SeededGenerator(seed: 3)
    let both = decoder.losses(
      scans([1, 5, 2]),
      BatchTargets(
        task: 0, labels: [nil, nil, nil], values: [nil, nil, nil], texts: [texts[0], nil, texts[1]]),
      on: Tape(.inference), using: &rng)[0]
    #expect(both.count == 4 + 6)
    func one(_ seed: UInt64, _ text: [Int]?) -> Float {
      decoder.losses(
        scans([seed]), BatchTargets(task: 0, labels: [nil], values: [nil], texts: [text]),
        on: Tape(.inference),
        using: &rng)[0].sum.item
    }
    #expect(abs(both.sum.item - one(1, texts[0]) - one(2, texts[1])) < 1e-3)
    #expect(
      decoder.losses(
        scans([1]), BatchTargets(task: 0, labels: [nil], values: [nil], texts: [nil]), on: Tape(.inference),
        using: &rng
      ).isEmpty)
    // Longer than the decoder: cut, not refused.
    #expect(one(1, [1] + [Int](repeating: 5, count: 30) + [2]).isFinite)
  }

  @Test("Token by token it is as sure as over the whole text at once", arguments: [1, 3])
  func steps(_ beams: Int) {
    var rng = SeededGenerator(seed: 8)
    var long = SentenceDecoder(
      .init(vocabulary: 12, length: 24, width: 16, depth: 2, heads: .fixed(2)), tasks: [:], using: &rng)
    // Weights of an untrained decoder hardly look at what was written.
    long = long.replacing(
      with: long.parameters("").map { parameter in
        Tensor(parameter.tensor.floats().map { $0 + 0.3 * rng.normal() }, shape: parameter.tensor.shape)
      })
    let texts = long.candidates(scans([3]), task: 0, labels: nil, begin: begin, end: 12, beams: beams)
    #expect(!texts.isEmpty && texts.count <= beams)
    for text in texts {
      // The end is no token here, so that every text is as long as can be.
      #expect(text.ids.count >= 17)
      let whole = long.losses(
        scans([3]), BatchTargets(task: 0, labels: [nil], values: [nil], texts: [[begin] + text.ids]),
        on: Tape(.inference), using: &rng)[0]
      // A beginning that is written again is no token of the text.
      guard !text.ids.contains(begin), text.ids.count == 23 else { continue }
      #expect(abs(text.confidence + whole.sum.item / whole.count) < 1e-4)
    }
    #expect(texts.contains { $0.ids.count == 23 })
  }

  @Test("Writing ends at the longest length")
  func longest() {
    let written = decoder(tasks: [:]).write(scans([4]), task: 0, labels: nil, begin: begin, end: end)
    #expect(written.ids.count <= 7 && !written.ids.contains(begin) && !written.ids.contains(end))
  }

  @Test("Every parameter has a name of its own")
  func names() {
    let names = decoder(tasks: [0: 2, 3: 4]).parameters("decoder").map(\.name)
    #expect(Set(names).count == names.count && names.contains("decoder.findings.3.weight"))
  }
}

@Suite("Findings head")
struct FindingsHeadTests {
  @Test("Each task has its own answers; others have none")
  func tasks() {
    var rng = SeededGenerator(seed: 1)
    let head = FindingsHead(
      tasks: [
        2: LabelTask(name: "a", labels: ["x", "y"], exclusive: true),
        5: LabelTask(name: "b", labels: ["x", "y", "z"], exclusive: false),
      ], width: 6, dropout: 0, smoothing: 0, using: &rng)
    let encoded = Encoded(tokens: Tensor(zeros: [2, 1, 6]), summary: Tensor(repeating: 1, shape: [2, 6]))
    #expect(head.answers(encoded, task: 2, on: Tape(.inference)).logits?.shape == [2, 2])
    #expect(head.answers(encoded, task: 5, on: Tape(.inference)).logits?.shape == [2, 3])
    #expect(head.answers(encoded, task: 0, on: Tape(.inference)).logits == nil)
    #expect(head.parameters("f").contains { $0.name == "f.5.labels.weight" })
    let targets = BatchTargets(task: 0, labels: [[1, 0], [0, 1]], values: [nil, nil], texts: [nil, nil])
    #expect(head.losses(encoded, targets, on: Tape(.training), using: &rng).isEmpty)
  }
}
