import Alignment
import Encoders
import Foundation
import Layers
import Reports
import Selector
import Tensors
import Training

/// Builds a model for a data set and trains it.
struct BundleTraining: Sendable {
  var recipe: Recipe
  var data: Dataset
  /// Bundle to start from.
  var source: ModelBundle?
  /// Folder for checkpoints; nil for none.
  var workspace: String?
  var fingerprint: String
  var resume: Bool
  var progress: @Sendable (Int, Int, String) -> Void
  /// Whether the source's labels are the first of the same tasks, so that its heads grow.
  var continues = false
  /// Holds weights near the source's; nil to leave them free.
  var elastic: ElasticPenalty?

  func run(
    name: String, on team: ReplicaTeam
  ) throws -> (bundle: ModelBundle, outcome: Trainer<ModelHeads>.Outcome) {
    let start = Date()
    let tokenizer = source?.tokenizer ?? trainTokenizer()
    var recipe = recipe
    recipe.text?.vocabulary = vocabulary(of: tokenizer)
    var bundle = emptyBundle(name: name, recipe: recipe, tokenizer: tokenizer)
    let beginning = try begin(&bundle, recipe)
    let outcome = try trainer(recipe, data, bundle, beginning, "checkpoint").train(
      bundle.model, on: team, resume: resume)
    bundle.take(outcome.model)
    bundle.description.training.epochs = outcome.history.count
    bundle.description.training.bestEpoch = outcome.bestEpoch
    bundle.description.training.contrast = outcome.contrast
    bundle.description.training.history = outcome.history
    bundle.description.training.seconds = Date().timeIntervalSince(start)
    return (bundle, outcome)
  }

  /// Trains anew on more rows, for a number of epochs that is known to be good.
  func refit(_ recipe: Recipe, _ data: Dataset, on team: ReplicaTeam) throws -> Trainer<ModelHeads>.Outcome {
    let tokenizer = source?.tokenizer ?? trainTokenizer()
    var recipe = recipe
    recipe.text?.vocabulary = vocabulary(of: tokenizer)
    var bundle = emptyBundle(name: "", recipe: recipe, tokenizer: tokenizer)
    let beginning = try begin(&bundle, recipe)
    var whole = data
    whole.validation = []
    return try trainer(recipe, whole, bundle, beginning, "refit").train(
      bundle.model, on: team, resume: resume)
  }

  /// Gives a fresh bundle what it takes over from the source, and low-rank pairs where the recipe asks for them.
  private func begin(_ bundle: inout ModelBundle, _ recipe: Recipe) throws -> Beginning {
    guard let source else { return Beginning() }
    bundle.model = bundle.model.takingOver(from: source.model)
    if continues { bundle.model = bundle.model.growing(from: source.model) }
    let maps = Set(bundle.model.linearMaps.map(\.name))
    bundle.description.modules = source.description.modules?.filter { maps.contains($0.key) }
    let known = bundle.model.names(sharedWith: source.model)
    let rates = Dictionary(uniqueKeysWithValues: known.map { ($0, recipe.pretrained.rate(of: $0)) })
    guard let lora = recipe.lora else {
      return Beginning(frozen: known.filter { rates[$0] == 0 }, rates: rates)
    }
    var rng = SeededGenerator(seed: recipe.seed).split(-1)
    let (model, frozen) = bundle.model.adapted(by: lora, known: known, using: &rng)
    guard !model.lowRankPairs.isEmpty else {
      let there = Set(
        bundle.model.linearMaps.map(\.name).filter { frozen.contains($0 + ".weight") }
          .compactMap { $0.split(separator: ".").last.map(String.init) })
      let names = LowRankAdaptation.names.filter { there.contains($0.value) }.map(\.key)
      throw BundleError(
        path: "--lora",
        reason:
          "The encoders that \(source.description.name) brings to this training have no \(lora.targets.joined(separator: ", ")).",
        remedy: names.isEmpty
          ? "They have no maps for low-rank pairs at all; train without --lora."
          : "Name some of \(names.joined(separator: ", ")) as targets.")
    }
    bundle.model = model
    bundle.adapter = Adapter(
      adaptation: lora, pairs: model.lowRankPairs,
      base: source.description.origin?.folder ?? source.description.name,
      baseSHA256: try source.weightsSHA256(), modules: bundle.description.modules ?? [:], frozen: frozen)
    let trained = model.parameters("").reduce(0) { $0 + (frozen.contains($1.name) ? 0 : $1.tensor.count) }
    bundle.description.adapters = bundle.adapter.map {
      [$0.record(name: bundle.description.name, trained: trained)]
    }
    let names = model.parameters("").map(\.name).filter { $0.hasSuffix(".loraA") || $0.hasSuffix(".loraB") }
    return Beginning(
      frozen: frozen.union(known.filter { rates[$0] == 0 }),
      rates: rates.merging(names.map { ($0, lora.rate) }) { $1 })
  }

  /// How parameters begin: names of those that stay as they are, and how fast others learn.
  private struct Beginning {
    var frozen: Set<String> = []
    var rates: [String: Float] = [:]
  }

  /// Trains for some epochs, keeps nothing, and tells the best score on validation.
  func attempt(epochs: Int, as words: String, on team: ReplicaTeam) throws -> Float? {
    var short = self
    (short.recipe.epochs, short.recipe.patience) = (epochs, epochs)
    // One loss for all, so that only what is tried differs.
    short.recipe.contrast = recipe.contrast == .auto ? .infoNCE : recipe.contrast
    let told = progress
    short.progress = { told($0, $1, "\(words): \($2)") }
    let tokenizer = source?.tokenizer ?? trainTokenizer()
    short.recipe.text?.vocabulary = vocabulary(of: tokenizer)
    var bundle = emptyBundle(name: "", recipe: short.recipe, tokenizer: tokenizer)
    let beginning = try begin(&bundle, short.recipe)
    let outcome = try short.trainer(short.recipe, data, bundle, beginning, nil).train(bundle.model, on: team)
    return outcome.history.compactMap(\.validation).max()
  }

  private func trainer(
    _ recipe: Recipe, _ data: Dataset, _ bundle: ModelBundle, _ beginning: Beginning, _ file: String?
  ) -> Trainer<ModelHeads> {
    let tokenizer = bundle.tokenizer
    let length = recipe.text?.length ?? 2
    var sentences: (@Sendable (String) -> [Int])?
    if let decoder = recipe.decoder, let tokenizer {
      sentences = { tokenizer.frame($0, maximum: decoder.length) }
    }
    var builder = BatchBuilder(
      vision: recipe.vision, series: recipe.series, augmentation: recipe.augmentation)
    if recipe.augmentation.series.load > 0 { builder.loads = data.loadDirections() }
    var trainer = Trainer<ModelHeads>(
      recipe: recipe, data: data, builder: builder,
      tokens: { tokenizer?.frame($0, maximum: length) ?? [] }, sentences: sentences,
      checkpoint: file.flatMap { name in workspace.map { "\($0)/\(name).safetensors" } },
      fingerprint: fingerprint,
      validate: { model, team in
        guard !data.validation.isEmpty else { return nil }
        var candidate = bundle
        candidate.model = model.mergingPairs()
        return try candidate.evaluate(data.validation, split: "val", on: team).score
      }, progress: progress)
    (trainer.frozen, trainer.rates) = (beginning.frozen, beginning.rates)
    trainer.elastic = elastic
    return trainer
  }

  /// Byte-pair encoding learned on the texts and descriptions of the train part.
  private func trainTokenizer() -> (any Tokenizer)? {
    guard let text = recipe.text else { return nil }
    let own = data.train.flatMap(\.texts)
    let corpus = own + data.descriptions.joined().joined()
    return BytePairTokenizer.train(on: corpus, vocabulary: max(261, text.vocabulary))
  }

  /// Rows of the table of tokens; one taken over may have more than its tokenizer uses.
  private func vocabulary(of tokenizer: (any Tokenizer)?) -> Int {
    max(tokenizer?.count ?? 0, source?.description.text?.vocabulary ?? 0)
  }

  /// What train rows of each label of a task count, their mean being 1; nil where all count the same.
  private func labelWeights(_ task: Int) -> [Float]? {
    guard recipe.balance > 0, data.tasks[task].exclusive else { return nil }
    var counts = [Float](repeating: 0, count: data.tasks[task].labels.count)
    for sample in data.train where sample.task == task {
      for (label, share) in (sample.labels ?? []).enumerated() { counts[label] += share }
    }
    let all = counts.reduce(0, +)
    guard all > 0 else { return nil }
    let plain = counts.map { $0 > 0 ? powf(all / $0, recipe.balance) : 1 }
    let mean = zip(plain, counts).reduce(0) { $0 + $1.0 * $1.1 } / all
    return plain.map { $0 / mean }
  }

  private func emptyBundle(name: String, recipe: Recipe, tokenizer: (any Tokenizer)?) -> ModelBundle {
    let decoder = recipe.decoder.flatMap { shape in
      recipe.vision.flatMap { vision in
        tokenizer.map {
          SentenceDecoder.Configuration(
            vocabulary: $0.count, length: shape.length, width: vision.width, depth: shape.depth)
        }
      }
    }
    var rng = SeededGenerator(seed: recipe.seed)
    var model = ModelBundle.fresh(
      vision: recipe.vision, series: recipe.series, text: recipe.text, embedding: recipe.embedding,
      decoder: decoder, tasks: data.tasks, kinds: data.kinds, smoothing: recipe.labelSmoothing,
      using: &rng)
    for task in data.tasks.indices {
      let weights = labelWeights(task)
      model.heads.findings?.tasks[task]?.labelWeights = weights
      model.heads.faults?.tasks[task]?.labelWeights = weights
    }
    let record = BundleDescription.TrainingRecord(
      created: ISO8601DateFormatter().string(from: Date()), braid: BraidVersion.current, manifest: "",
      manifestSHA256: "", rows: [:], keptIDs: nil, epochs: 0, bestEpoch: 0, contrast: .infoNCE, seconds: 0,
      threads: 0, parameters: model.parameterCount, history: [], excludedColumns: [], refused: [],
      evaluations: [])
    return ModelBundle(
      description: BundleDescription(
        name: name, vision: recipe.vision, series: recipe.series, text: recipe.text,
        embedding: recipe.embedding, decoder: decoder, tasks: data.tasks, kinds: data.kinds,
        taskSets: data.taskSets, descriptions: data.descriptions,
        calibrations: data.tasks.map { TaskCalibration(labels: $0.labels.count) },
        familiarity: [], selectorKinds: [], selectorThreshold: 0.5, training: record),
      model: model, tokenizer: tokenizer, selector: ModalitySelector(networks: [:]), familiarity: [:],
      heldRecipe: recipe)
  }
}

extension AlignedModel {
  /// Names of parameters that another model has in the same shape.
  func names(sharedWith other: AlignedModel) -> Set<String> {
    let shapes = Dictionary(uniqueKeysWithValues: parameters("").map { ($0.name, $0.tensor.shape) })
    return Set(other.parameters("").filter { shapes[$0.name] == $0.tensor.shape }.map(\.name))
  }

  /// A copy with the values of another model wherever names and shapes agree.
  func takingOver(from other: AlignedModel) -> AlignedModel {
    let shared = names(sharedWith: other)
    let values = Dictionary(
      uniqueKeysWithValues: other.parameters("").filter { shared.contains($0.name) }
        .map { ($0.name, $0.tensor) })
    // Every value has a place of its shape, so that nothing can be refused.
    return (try? loading(values, prefix: "", partial: true)) ?? self
  }

  /// Matrices rounded to bf16, as they are stored, so that what is measured is what ships.
  func roundedToStorage() -> AlignedModel {
    replacing(
      with: parameters("").map {
        $0.tensor.shape.count > 1 ? $0.tensor.converted(to: .bf16).converted(to: .f32) : $0.tensor
      })
  }
}

/// The version of this package.
public enum BraidVersion {
  /// Major, minor and patch number; written into every bundle.
  public static let current = "0.1.0"
}
