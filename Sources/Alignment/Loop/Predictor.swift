import Encoders
import Layers
import Tensors
import Training

/// What a model says of one input.
public struct Prediction: Sendable {
  /// Before softmax or sigmoid, in the order of the task's labels; empty for a task without labels.
  public var logits: [Float]
  /// Standardised; nil for a task without numbers.
  public var value: Float?
  /// In the shared space, unit length.
  public var embedding: [Float]

  /// - Parameters:
  ///   - logits: one for each label of the task, before softmax or sigmoid.
  ///   - value: standardised; nil for a task without numbers.
  public init(logits: [Float], value: Float?, embedding: [Float]) {
    (self.logits, self.value, self.embedding) = (logits, value, embedding)
  }
}

/// Runs a model over many inputs, several at a time on several threads.
public struct Predictor<Heads: Objective>: Sendable {
  /// What is asked.
  public var model: AlignedModel<Heads>
  /// What turns samples into batches, as in training.
  public var builder: BatchBuilder
  /// Of the matrix products.
  public var precision: ElementType
  /// Answers beside the network's heads; empty where the network answers alone.
  public var ensemble = SeriesEnsemble()
  /// Inputs a batch, at most.
  public var batch = 32

  /// - Parameter builder: what turns samples into batches, as in training.
  public init(model: AlignedModel<Heads>, builder: BatchBuilder, precision: ElementType = .f32) {
    (self.model, self.builder, self.precision) = (model, builder, precision)
  }

  /// - Parameter team: with a group all of its processes call this for the same samples and share the work.
  /// - Returns: predictions in the order of `samples`.
  public func predict(_ samples: [Sample], on team: ReplicaTeam) throws -> [Prediction] {
    var batches: [[Int]] = []
    for (_, members) in Dictionary(grouping: samples.indices, by: { samples[$0].stream }) {
      let size = self.size(samples[members[0]].input)
      for start in stride(from: 0, to: members.count, by: size) {
        batches.append(Array(members[start..<min(members.count, start + size)]))
      }
    }
    let work = batches.sorted { $0[0] < $1[0] }
    // Whole batches are dealt out to the processes, so that numbers do not depend on how many there are.
    let size = team.group?.size ?? 1, rank = team.group?.rank ?? 0
    let mine = Array(stride(from: rank, to: work.count, by: size))
    let parts = try team.map(mine.count) { index in
      let members = work[mine[index]]
      return predict(members.map { samples[$0].input }, task: samples[members[0]].task)
    }
    let all = try team.group?.exchange(parts) ?? [parts]
    var out = [Prediction?](repeating: nil, count: samples.count)
    for (rank, parts) in all.enumerated() {
      for (index, part) in parts.enumerated() {
        for (place, prediction) in zip(work[rank + index * size], part) { out[place] = prediction }
      }
    }
    return out.compactMap { $0 }
  }

  /// Inputs like this one that run together: pictures no more than stay in the caches.
  private func size(_ input: SampleInput) -> Int {
    if case .series = input { return batch }
    return max(1, min(batch, TowerParts.tokens / max(1, model.tokens(input))))
  }

  /// Predictions for inputs of one kind, on the calling thread.
  public func predict(_ inputs: [SampleInput], task: Int) -> [Prediction] {
    zip(network(inputs, task: task), inputs).map { joined($0, $1, task: task) }
  }

  /// What the network alone says of inputs of one kind.
  private func network(_ inputs: [SampleInput], task: Int) -> [Prediction] {
    let tape = Tape(.inference, precision: precision)
    var unused = SeededGenerator(seed: 0)
    let encoded = model.encode(
      builder.build(inputs, augmenting: false, using: &unused), on: tape, using: &unused)
    let embeddings = model.embed(encoded, kind: inputs[0].kind, on: tape).floats()
    let answers = model.heads.answers(encoded, task: task, on: tape)
    let logits = answers.logits?.floats() ?? [], values = answers.values?.floats()
    let (width, labels) = (embeddings.count / inputs.count, logits.count / inputs.count)
    return inputs.indices.map { row in
      Prediction(
        logits: Array(logits[row * labels..<(row + 1) * labels]), value: values?[row],
        embedding: Array(embeddings[row * width..<(row + 1) * width]))
    }
  }

  /// Predictions for a window as it is, then once with each version of its features, one for each channel that is
  /// taken out.
  /// - Parameters:
  ///   - window: with its features and, where members of the ensemble read one, its expansion.
  ///   - versions: features without each channel, as the network reads them.
  ///   - batch: inputs that run at once.
  public func predict(
    _ window: SeriesWindow, versions: [[Float]], task: Int, batch: Int
  ) -> [Prediction] {
    let all =
      [SampleInput.series(window)]
      + versions.map { features in
        var copy = window
        copy.features = features
        return .series(copy)
      }
    let said = stride(from: 0, to: all.count, by: batch).flatMap { start in
      network(Array(all[start..<min(all.count, start + batch)]), task: task)
    }
    guard let series = builder.series else { return said }
    return ensemble.answers(window, task: task, network: said, configuration: series)
  }

  /// The network's answer with those of the ensemble.
  public func joined(_ network: Prediction, _ input: SampleInput, task: Int) -> Prediction {
    guard case .series(let window) = input, let series = builder.series else { return network }
    return ensemble.answer(window, task: task, network: network, configuration: series)
  }

  /// Places of texts in the shared space.
  public func embed(texts: [[Int]]) -> [[Float]] {
    guard !texts.isEmpty else { return [] }
    var out: [[Float]] = []
    for start in stride(from: 0, to: texts.count, by: batch) {
      let part = Array(texts[start..<min(texts.count, start + batch)])
      let tape = Tape(.inference, precision: precision)
      var unused = SeededGenerator(seed: 0)
      let values = model.embed(texts: part, on: tape, using: &unused).floats()
      let width = values.count / part.count
      out += part.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    return out
  }
}
