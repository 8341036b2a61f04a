import Layers
import Tensors
import Training

/// One step: what the replicas are given, and what comes back.
extension Trainer {
  func step(
    _ model: AlignedModel<Heads>, _ partition: ParameterPartition, _ contrast: ContrastiveLoss,
    _ batch: [Sample], taught: (by: AlignedModel<Heads>, weight: Float)?, _ rng: SeededGenerator,
    on team: ReplicaTeam
  ) throws -> StepOutcome {
    var rng = rng
    let isBare = batch.contains { !$0.isLabelled }
    let task = batch[0].task
    let descriptions = data.descriptions[task]
    let texts =
      model.text == nil
      ? BatchTexts([], descriptions: [], tokens: tokens, using: &rng)
      : BatchTexts(batch, descriptions: descriptions, tokens: tokens, using: &rng)
    var exchange: (@Sendable ([ReplicaContribution]) throws -> [ReplicaContribution])?
    if let group = team.group { exchange = { try group.exchange($0) } }
    let worker = StepWorker(
      model: model, partition: partition, recipe: recipe, contrast: contrast,
      builder: builder, batch: batch, texts: texts, targets: targets(batch, using: &rng),
      frozenTexts: frozenTexts, looksTwice: recipe.unlabelled.looksTwice && isBare,
      teacher: isBare ? taught.map { teacher($0.by, data.tasks[task]) } : nil,
      consistency: taught?.weight ?? 0,
      tokensAtOnce: tokensAtOnce, rng: rng, replicas: team.total,
      earlier: team.count * (team.group?.rank ?? 0),
      meeting: Meeting(team.count, exchange: exchange))
    var outcomes = try team.run { try worker.run($0) }
    return try StepOutcome(&outcomes, shapes: partition.trained(in: model).map(\.shape), on: team)
  }

  private func teacher(_ model: AlignedModel<Heads>, _ task: LabelTask) -> SlowTeacher<Heads> {
    SlowTeacher(
      model: model, builder: builder, task: task, precision: recipe.precision,
      confidence: recipe.unlabelled.confidence)
  }

  private func targets(_ batch: [Sample], using rng: inout some RandomNumberGenerator) -> BatchTargets {
    let task = data.tasks[batch[0].task]
    return BatchTargets(
      task: batch[0].task, labels: batch.map(\.labels),
      values: batch.map { sample in
        sample.target.flatMap { value in task.target.map { (value - $0.mean) / $0.deviation } }
      },
      texts: batch.map { sample in
        guard let sentences, sample.input.kind != .series else { return nil }
        if !sample.texts.isEmpty { return sentences(sample.texts[rng.below(sample.texts.count)]) }
        guard let labels = sample.labels,
          let text = data.description(of: labels, task: sample.task, using: &rng)
        else { return nil }
        return sentences(text)
      })
  }
}
