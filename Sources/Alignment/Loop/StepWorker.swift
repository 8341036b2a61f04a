import Layers
import Tensors
import Training

/// One training step on several replicas: each runs the whole step for its share of the rows and texts, and
/// they meet once to compare all embeddings.
struct StepWorker<Heads: Objective>: Sendable {
  var model: AlignedModel<Heads>
  /// Which of its parameters are trained.
  var partition: ParameterPartition
  var recipe: Recipe
  var contrast: ContrastiveLoss
  var builder: BatchBuilder
  var batch: [Sample]
  var texts: BatchTexts
  var targets: BatchTargets
  /// Set where the text encoder is not trained.
  var frozenTexts: FrozenTexts?
  /// Whether a second view of the inputs is learned from.
  var looksTwice: Bool
  /// Answers for rows without label; nil where none is asked.
  var teacher: SlowTeacher<Heads>?
  /// Weight of what the teacher says.
  var consistency: Float
  /// Tokens that go through a tower together, about.
  var tokensAtOnce: Int
  var rng: SeededGenerator
  /// Of all processes.
  var replicas: Int
  /// Replicas of the processes before this one.
  var earlier: Int
  var meeting: Meeting<ReplicaContribution>

  /// - Parameter index: of the replica in this process.
  func run(_ index: Int) throws -> ReplicaOutcome {
    let replica = earlier + index
    let tape = Tape(.training, precision: recipe.precision)
    partition.watch(model, on: tape)
    // A generator for each use: how many numbers one draws does not change what another gets.
    let rng = rng.split(replica)
    var (pictures, heads) = (rng.split(0), rng.split(1))
    let rows = share(batch.count, replica), textRows = share(texts.texts.count, replica)
    var mine = ReplicaContribution(counts: [:])
    var terms: [LossTerm] = []
    if !rows.isEmpty {
      let kind = batch[0].input.kind
      let own = Array(batch[rows])
      var nothing: PartHider?
      let encoded = encoded(own, on: tape, augmenting: &pictures, hiding: &nothing, rng.split(2))
      mine.inputs = model.embed(encoded, kind: kind, on: tape)
      terms = model.heads.losses(encoded, targets.slice(rows), on: tape, using: &heads)
      if let guessed = teacher?.targets(own) {
        var again = rng.split(5)
        terms += model.heads.losses(encoded, guessed, on: tape, using: &again)
          .map { LossTerm("consistency \($0.name)", sum: $0.sum, count: $0.count) }
      }
      if looksTwice {
        var hider = model.masked.map { _ in
          PartHider(
            share: recipe.unlabelled.maskedShare, cell: model.vision?.configuration.pixelsPerToken ?? 1,
            first: rows.lowerBound, rng: self.rng.split(-1))
        }
        let second = self.encoded(own, on: tape, augmenting: &pictures, hiding: &hider, rng.split(3))
        if recipe.unlabelled.views > 0 { mine.views = model.embed(second, kind: kind, on: tape) }
        if let hider, let term = model.masked?.term(second, batch[0].stream, hider, on: tape) {
          terms.append(term)
        }
      }
    }
    if !textRows.isEmpty { mine.texts = embedded(Array(texts.texts[textRows]), on: tape, rng.split(4)) }
    mine.counts = Dictionary(uniqueKeysWithValues: terms.map { ($0.name, $0.count) })
    let all = try meeting.gather(mine, from: index)
    return finish(mine, terms, all, replica, tape)
  }

  /// The samples through their tower, a few at a time.
  /// - Parameters:
  ///   - hider: hides parts of the inputs; nil to show them whole.
  ///   - rng: every part begins with it again, and goes by the places of its samples.
  private func encoded(
    _ own: [Sample], on tape: Tape, augmenting pictures: inout SeededGenerator,
    hiding hider: inout PartHider?,
    _ rng: SeededGenerator
  ) -> Encoded {
    let ranges = TowerParts.ranges(of: own.count, tokens: model.tokens(own[0].input), atOnce: tokensAtOnce)
    let parts = ranges.map { part in
      let shown = builder.build(Array(own[part]), augmenting: true, using: &pictures)
      let batch = hider?.hide(shown) ?? shown
      var rng = rng
      (tape.samples, tape.seed) = (part, rng.split(0).state)
      return model.encode(batch, on: tape, using: &rng)
    }
    tape.samples = nil
    guard parts.count > 1 else { return parts[0] }
    let masks = parts.compactMap(\.mask)
    return Encoded(
      tokens: tape.concatenate(parts.map(\.tokens), axis: 0),
      mask: masks.isEmpty ? nil : tape.concatenate(masks, axis: 0),
      summary: tape.concatenate(parts.map(\.summary), axis: 0))
  }

  /// Texts through theirs in the same way.
  private func embedded(_ own: [[Int]], on tape: Tape, _ rng: SeededGenerator) -> Tensor {
    if let frozenTexts {
      let summaries = frozenTexts.summaries(of: own).converted(to: recipe.precision)
      return model.embed(textSummaries: summaries, on: tape)
    }
    let ranges = TowerParts.ranges(
      of: own.count, tokens: own.map(\.count).max() ?? 1, atOnce: tokensAtOnce)
    let parts = ranges.map { part in
      var rng = rng
      (tape.samples, tape.seed) = (part, rng.split(0).state)
      return model.embed(texts: Array(own[part]), on: tape, using: &rng)
    }
    tape.samples = nil
    return parts.count == 1 ? parts[0] : tape.concatenate(parts, axis: 0)
  }

  private func finish(
    _ mine: ReplicaContribution, _ terms: [LossTerm], _ all: [ReplicaContribution], _ replica: Int,
    _ tape: Tape
  ) -> ReplicaOutcome {
    var losses: [String: Float] = [:]
    var total: Tensor?
    func add(_ loss: Tensor, weight: Float, as name: String, counts: Bool) {
      if counts { losses[name] = loss.floats()[0] }
      let weighted = tape.scale(loss, by: weight)
      total = total.map { tape.add($0, weighted) } ?? weighted
    }
    for term in terms {
      let count = all.reduce(0) { $0 + ($1.counts[term.name] ?? 0) }
      guard count > 0 else { continue }
      add(tape.scale(term.sum, by: 1 / count), weight: weight(of: term.name), as: term.name, counts: true)
    }
    // Every replica computes the losses over the whole batch, but only its own embeddings carry gradients; the
    // scale and bias are shared, so only the first replica's count.
    if !texts.texts.isEmpty, let inputs = joined(all, \.inputs, mine.inputs, replica, tape),
      let texts = joined(all, \.texts, mine.texts, replica, tape)
    {
      let compared = tape.take(inputs, axis: 0, indices: self.texts.rows)
      let loss = contrast(
        inputs: compared, texts: texts, positives: self.texts.positives,
        logScale: replica == 0 ? model.logScale : tape.detached(model.logScale),
        bias: replica == 0 ? model.bias : tape.detached(model.bias), on: tape)
      add(loss, weight: recipe.contrastWeight, as: "contrast", counts: replica == 0)
      let bare = batch.indices.filter { !batch[$0].isLabelled }
      if recipe.unlabelled.captions > 0, !bare.isEmpty, !self.texts.rows.isEmpty {
        let loss = PseudoCaptions.loss(
          inputs: inputs, bare: bare, captioned: self.texts.rows, texts: texts,
          positives: self.texts.positives,
          logScale: replica == 0 ? model.logScale : tape.detached(model.logScale),
          regularisation: recipe.unlabelled.regularisation, on: tape)
        add(loss, weight: recipe.unlabelled.captions, as: "captions", counts: replica == 0)
      }
    }
    if looksTwice, let first = joined(all, \.inputs, mine.inputs, replica, tape),
      let second = joined(all, \.views, mine.views, replica, tape)
    {
      let loss = ViewLoss.loss(first, second, temperature: 0.1, on: tape)
      add(loss, weight: recipe.unlabelled.views, as: "views", counts: replica == 0)
    }
    let parameters = partition.trained(in: model)
    guard let total else { return ReplicaOutcome(gradients: parameters.map { _ in nil }, losses: losses) }
    tape.backward(from: total)
    return ReplicaOutcome(gradients: parameters.map { tape.gradient(of: $0) }, losses: losses)
  }

  private func weight(of name: String) -> Float {
    switch name {
    case "sentences": recipe.decoderWeight
    case "values": recipe.valueWeight
    case "masked": recipe.unlabelled.masked
    case _ where name.hasPrefix("consistency"): consistency
    default: recipe.headWeight
    }
  }

  private func share(_ count: Int, _ replica: Int) -> Range<Int> {
    count * replica / replicas..<count * (replica + 1) / replicas
  }

  private func joined(
    _ all: [ReplicaContribution], _ part: KeyPath<ReplicaContribution, Tensor?>, _ own: Tensor?,
    _ replica: Int,
    _ tape: Tape
  ) -> Tensor? {
    let parts = all.enumerated().compactMap { index, other -> Tensor? in
      index == replica ? own : other[keyPath: part].map { tape.detached($0) }
    }
    return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : tape.concatenate(parts, axis: 0)
  }
}

extension BatchTargets {
  /// The targets of some rows.
  func slice(_ rows: Range<Int>) -> BatchTargets {
    BatchTargets(
      task: task, labels: Array(labels[rows]), values: Array(values[rows]), texts: Array(texts[rows]))
  }
}
