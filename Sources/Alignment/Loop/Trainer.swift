import Files
import Foundation
import Layers
import Tensors
import Training

/// Trains an aligned model: batches of one stream, losses of contrast and heads, AdamW on warm-up and cosine,
/// a slow average of the weights that is validated after an epoch or some, and a checkpoint after each.
public struct Trainer<Heads: Objective>: Sendable {
  /// Every choice that is not in the data.
  public var recipe: Recipe
  /// Train and validation samples.
  public var data: Dataset
  /// What turns samples into batches.
  public var builder: BatchBuilder
  /// Text to token ids, for the text encoder.
  public var tokens: @Sendable (String) -> [Int]
  /// Text to token ids with begin and end, for the sentence decoder; nil where none is trained.
  public var sentences: (@Sendable (String) -> [Int])?
  /// Names of parameters that stay as they are: they take no gradients and no memory of the optimiser's.
  public var frozen: Set<String> = []
  /// Factors on the learning rate, by names of parameters; 1 for others.
  public var rates: [String: Float] = [:]
  /// Holds weights near those of a model that learns on; nil for a training of its own.
  public var elastic: ElasticPenalty?
  /// Set while a training runs whose text encoder is frozen.
  var frozenTexts: FrozenTexts?
  /// Where the checkpoint stands; nil for none.
  public var checkpoint: String?
  /// Of recipe and data, so that a checkpoint of another training is refused.
  public var fingerprint: String
  /// Scores averaged weights on the validation part; higher is better.
  public var validate: @Sendable (AlignedModel<Heads>, ReplicaTeam) throws -> Float?
  /// Tokens that go through a tower together, about. Decides over time and memory, not over what is learned.
  public var tokensAtOnce = TowerParts.tokens
  /// Told of every finished step: done, of how many, what there is to say.
  public var progress: @Sendable (Int, Int, String) -> Void

  /// - Parameter validate: scores averaged weights; higher is better, nil without a validation part.
  public init(
    recipe: Recipe, data: Dataset, builder: BatchBuilder, tokens: @escaping @Sendable (String) -> [Int],
    sentences: (@Sendable (String) -> [Int])?, checkpoint: String?, fingerprint: String,
    validate: @escaping @Sendable (AlignedModel<Heads>, ReplicaTeam) throws -> Float?,
    progress: @escaping @Sendable (Int, Int, String) -> Void
  ) {
    (self.recipe, self.data, self.builder, self.tokens) = (recipe, data, builder, tokens)
    (self.sentences, self.checkpoint, self.fingerprint) = (sentences, checkpoint, fingerprint)
    (self.validate, self.progress) = (validate, progress)
  }

  /// What a finished training leaves.
  public struct Outcome: Sendable {
    /// With the averaged weights of the best epoch.
    public var model: AlignedModel<Heads>
    /// Every epoch, in order.
    public var history: [EpochRecord]
    /// The contrastive loss that was chosen.
    public var contrast: ContrastiveLoss
    /// The epoch whose averaged weights are kept.
    public var bestEpoch: Int
  }

  /// - Parameters:
  ///   - team: of the same size in every process of its group, as are data and recipe.
  ///   - resume: go on from the checkpoint, if there is one.
  /// - Throws: `TrainingError` on a loss that is no number, `WritingError` when a checkpoint cannot be written.
  public func train(
    _ given: AlignedModel<Heads>, on team: ReplicaTeam, resume: Bool = false
  ) throws -> Outcome {
    let initial = prepared(given)
    let partition = ParameterPartition(initial, frozen: frozen)
    var ready = self
    if !partition.names.contains(where: { $0.hasPrefix("text.") }) {
      ready.frozenTexts = initial.text.map { FrozenTexts($0, precision: recipe.precision) }
    }
    return try ready.train(initial, partition, on: team, resume: resume)
  }

  private func train(
    _ initial: AlignedModel<Heads>, _ partition: ParameterPartition, on team: ReplicaTeam, resume: Bool
  ) throws -> Outcome {
    let names = partition.names
    var state = fresh(partition.trained(in: initial), .infoNCE)
    if resume, let checkpoint, FileManager.default.fileExists(atPath: checkpoint) {
      try state.restore(from: checkpoint, names: names, fingerprint: fingerprint)
    } else {
      state.contrast = try chooseContrast(initial, partition, on: team)
    }
    // Asked before each epoch, so that a training that had ended does not go on when it is resumed.
    // Epochs on halved pictures are scored on whole ones, which says little: patience begins after them.
    let halves = Int((Float(recipe.epochs) * recipe.halfSide).rounded(.up))
    while state.epoch < recipe.epochs,
      state.bestScore == nil || state.epoch - max(state.bestEpoch, halves) < recipe.patience
    {
      try epoch(&state, initial, partition, of: recipe.epochs, on: team)
      if let checkpoint, team.group?.isFirst ?? true {
        try save(state, to: checkpoint, names)
      }
    }
    var model = partition.replacing(in: initial, with: state.best)
    model.masked = nil
    return Outcome(
      model: model, history: state.history, contrast: state.contrast, bestEpoch: state.bestEpoch)
  }

  /// With what is needed in training alone.
  private func prepared(_ given: AlignedModel<Heads>) -> AlignedModel<Heads> {
    var model = given
    if recipe.unlabelled.masked > 0, data.hasUnlabelled {
      var rng = SeededGenerator(seed: recipe.seed).split(-2)
      model.masked = MaskedPrediction(vision: builder.vision, series: builder.series, using: &rng)
    }
    return model
  }

  private func save(_ state: TrainingState, to checkpoint: String, _ names: [String]) throws {
    do {
      try state.save(to: checkpoint, names: names, fingerprint: fingerprint)
    } catch var error as WritingError {
      // The file of the epoch before is still there.
      if state.epoch > 1, FileManager.default.fileExists(atPath: checkpoint) {
        error.remedy += " The checkpoint of epoch \(state.epoch - 1) is kept; --resume goes on from it."
      }
      throw error
    }
  }

  private func fresh(_ parameters: [Tensor], _ contrast: ContrastiveLoss) -> TrainingState {
    TrainingState(
      contrast: contrast, parameters: parameters, optimiser: AdamW(weightDecay: recipe.weightDecay),
      average: WeightAverage(parameters, decay: recipe.averageDecay), best: parameters)
  }

  /// Tries both losses for a tenth of the epochs each, where the recipe leaves the choice open and there is a
  /// validation part to choose by.
  private func chooseContrast(
    _ model: AlignedModel<Heads>, _ partition: ParameterPartition, on team: ReplicaTeam
  ) throws -> ContrastiveLoss {
    switch recipe.contrast {
    case .infoNCE: return .infoNCE
    case .sigmoid: return .sigmoid
    case .auto: break
    }
    guard model.text != nil, !data.validation.isEmpty, recipe.epochs >= 10 else { return .infoNCE }
    var scores: [(ContrastiveLoss, Float)] = []
    for loss in ContrastiveLoss.allCases {
      var state = fresh(partition.trained(in: model), loss)
      for _ in 0..<max(1, min(3, recipe.epochs / 10)) {
        try epoch(&state, model, partition, of: recipe.epochs, on: team, trying: loss.rawValue)
      }
      scores.append((loss, state.bestScore ?? 0))
    }
    return scores[1].1 > scores[0].1 ? scores[1].0 : scores[0].0
  }

  private func epoch(
    _ state: inout TrainingState, _ shape: AlignedModel<Heads>, _ partition: ParameterPartition,
    of epochs: Int, on team: ReplicaTeam, trying trial: String? = nil
  ) throws {
    let start = Date()
    var rng = SeededGenerator(seed: recipe.seed).split(1 + state.epoch)
    let plan = BatchPlan(data.train, size: recipe.batch, using: &rng)
    let steps = epochs * plan.batches.count
    let schedule = LearningRateSchedule(
      peak: Double(recipe.learningRate), warmup: Int(Double(steps) * Double(recipe.warmUp)), total: steps,
      floor: Double(recipe.learningRate) / 100)
    var sums: [String: (Float, Int)] = [:]
    for (index, batch) in plan.batches.enumerated() {
      let rate = Float(schedule.rate(at: state.step))
      let done = Float(state.step) / Float(max(1, steps))
      let consistency = recipe.unlabelled.consistency(at: done)
      var outcome = try step(
        partition.replacing(in: shape, with: state.parameters), partition, state.contrast,
        batch.map { done < recipe.halfSide ? data.train[$0].halved : data.train[$0] },
        taught: consistency > 0
          ? (partition.replacing(in: shape, with: state.average.values), consistency) : nil,
        rng.split(index), on: team)
      if let elastic { outcome.add(elastic, state.parameters, names: partition.names) }
      for (name, value) in outcome.losses {
        sums[name, default: (0, 0)].0 += value
        sums[name]?.1 += 1
      }
      try update(
        &state, outcome, rate: rate, rates: partition.names.map { rates[$0] ?? 1 }, batch: batch, on: team)
      let losses = sums.mapValues { $0.0 / Float(max(1, $0.1)) }
      progress(
        state.epoch * plan.batches.count + index + 1, epochs * plan.batches.count,
        "\(trial.map { "trying \($0)" } ?? "training"), epoch \(state.epoch + 1) of \(epochs)"
          + losses.sorted { $0.key < $1.key }.map { ", \($0.key) " + String(format: "%.3f", $0.value) }
          .joined())
    }
    // A last step may have ruined what no loss has told of yet; such weights must not become a checkpoint.
    guard state.parameters.allSatisfy({ $0.withUnsafeFloats { $0.allSatisfy(\.isFinite) } }) else {
      throw noNumber(state, plan.batches.last.map { $0.map { data.train[$0] } } ?? [])
    }
    state.epoch += 1
    let isDue = trial != nil || state.epoch >= epochs || state.epoch % recipe.validateEvery == 0
    var score: Float?
    if isDue {
      score = try validate(partition.replacing(in: shape, with: state.average.values), team)
      if score == nil || state.bestScore == nil || (score ?? 0) >= (state.bestScore ?? 0) {
        (state.best, state.bestScore, state.bestEpoch) = (state.average.values, score, state.epoch)
      }
    }
    let seconds = Date().timeIntervalSince(start)
    state.history.append(
      EpochRecord(
        epoch: state.epoch, learningRate: Float(schedule.rate(at: max(0, state.step - 1))),
        losses: sums.mapValues { $0.0 / Float(max(1, $0.1)) }, validation: score, seconds: seconds,
        rowsPerSecond: Double(data.train.count) / max(seconds, 1e-9)))
  }

  private func update(
    _ state: inout TrainingState, _ outcome: StepOutcome, rate: Float, rates: [Float], batch: [Int],
    on team: ReplicaTeam
  ) throws {
    let norm = outcome.norm
    guard norm.isFinite, outcome.losses.values.allSatisfy(\.isFinite) else {
      throw noNumber(state, batch.map { data.train[$0] })
    }
    try state.optimiser.update(
      &state.parameters, gradients: outcome.gradients, learningRate: rate, rates: rates,
      scale: norm > recipe.clip ? recipe.clip / norm : 1, on: team)
    try state.average.update(state.parameters, on: team)
    state.step += 1
  }

  /// Names the batch, and the rows in it that hold no numbers themselves.
  private func noNumber(_ state: TrainingState, _ batch: [Sample]) -> TrainingError {
    func list(_ samples: [Sample]) -> String {
      samples.prefix(16).map(\.id).joined(separator: ", ")
        + (samples.count > 16 ? " and \(samples.count - 16) more" : "")
    }
    let faulty = batch.filter { !$0.isFinite }
    let kept =
      state.epoch == 0 ? "" : " The checkpoint of epoch \(state.epoch) is kept, and --resume goes on from it."
    let remedy =
      faulty.isEmpty
      ? "Lower learningRate in the recipe: recipe.yaml beside the checkpoint, named with --recipe."
      : "Correct these rows, or take them out of the manifest, and train anew."
    return TrainingError(
      place: "epoch \(state.epoch + 1), step \(state.step + 1), rows \(list(batch))",
      reason: "The loss is no longer a number."
        + (faulty.isEmpty ? "" : " These rows hold values that are none: \(list(faulty))."),
      remedy: remedy + (faulty.isEmpty ? kept : ""))
  }
}

extension Sample {
  /// Whether nothing in it is infinite or, but for readings that are missing, no number.
  fileprivate var isFinite: Bool {
    guard target?.isFinite ?? true, labels?.allSatisfy(\.isFinite) ?? true else { return false }
    guard case .series(let window) = input else { return true }
    return window.values.allSatisfy { $0.isFinite || $0.isNaN }
  }
}
