import Alignment
import Encoders
import Foundation
import Layers
import Training

/// What a continuation begins with.
extension ContinueJob {
  /// The bundle to continue, which must be one of recordings with labels.
  func open() throws -> ModelBundle {
    let folder = URL(fileURLWithPath: options.from).standardizedFileURL.deletingLastPathComponent()
    guard folder.lastPathComponent != BundleVersions.folder else {
      throw BundleError(
        path: options.from,
        reason: "This is an earlier version of \(folder.deletingLastPathComponent().path).",
        remedy: "Switch to it with braid versions BUNDLE --switch NUMBER, and continue the bundle.")
    }
    let bundle = try ModelBundle(path: options.from)
    guard bundle.description.vision == nil, bundle.description.series != nil else {
      throw BundleError(
        path: options.from,
        reason:
          "The bundle answers pictures, and only bundles of recordings alone keep rows to learn on from.",
        remedy: "Train again with the rows of both manifests.")
    }
    guard bundle.description.tasks.contains(where: { !$0.labels.isEmpty }) else {
      throw BundleError(
        path: options.from, reason: "No task of the bundle has labels, by which forgetting is measured.",
        remedy: "Train again with the rows of both manifests.")
    }
    return bundle
  }

  /// The bundle's recipe, or that of the user over it. Shapes are the bundle's.
  func recipe(for bundle: ModelBundle) throws -> Recipe {
    let own = try bundle.recipe()
    var recipe = own
    if let path = options.recipe {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw BundleError(
          path: path, reason: "The recipe cannot be read.", remedy: "Check the path after --recipe.")
      }
      recipe = try RecipeFile.decode(String(decoding: data, as: UTF8.self), path: path, defaults: own)
      guard recipe.series == own.series, recipe.text == own.text, recipe.vision == own.vision,
        recipe.embedding == own.embedding, recipe.lora == own.lora
      else {
        throw BundleError(
          path: path, reason: "The recipe asks for other encoders than the bundle has.",
          remedy: "Leave series, text, vision, embedding and lora out of it.")
      }
    }
    (recipe.series, recipe.text) = (bundle.description.series, bundle.description.text)
    (recipe.seed, recipe.labels, recipe.lora) = (options.seed, nil, nil)
    // The loss that was chosen when the bundle was trained.
    recipe.contrast = bundle.description.training.contrast == .infoNCE ? .infoNCE : .sigmoid
    if let epochs = options.epochs { recipe.epochs = epochs }
    if let precision = options.precision { recipe.precision = precision }
    return recipe
  }

  /// With rare labels made up for, where the new rows leave some of them rare.
  func balanced(_ recipe: Recipe, _ data: Dataset) -> Recipe {
    var recipe = recipe
    for task in data.tasks.indices where data.tasks[task].exclusive {
      let rows = data.train.filter { $0.task == task }.compactMap(\.labels)
      let counts = data.tasks[task].labels.indices.map { label in rows.count { $0[label] > 0.5 } }.filter {
        $0 > 0
      }
      let even = Float(rows.count) / Float(max(1, counts.count))
      if let rarest = counts.min(), Float(rarest) < RecipeChooser.rare * even { recipe.balance = 1 }
    }
    return recipe
  }

  /// The old rows that the bundle keeps, or that are drawn anew from the old manifest.
  func remembered(
    _ bundle: ModelBundle, _ recipe: Recipe, on team: ReplicaTeam
  ) throws -> (buffer: ReplayBuffer, isFlattered: Bool) {
    let found =
      try options.replay.map { try drawn(from: $0, bundle, recipe, on: team) }
      ?? bundle.replay().map { ($0, bundle.description.continuation?.isFlattered ?? false) }
    guard let (buffer, isFlattered) = found else {
      throw BundleError(
        path: options.from, reason: "The bundle keeps no rows that it learned from.",
        remedy: "Name the old training manifest with --replay OLDMANIFEST.csv.")
    }
    guard buffer.heldOut.contains(where: { $0.sample.labels != nil }) else {
      throw BundleError(
        path: options.replay ?? options.from,
        reason: "No old row is held out, on which forgetting could be measured.",
        remedy: "Name an old manifest with rows of the split val with --replay OLDMANIFEST.csv.")
    }
    return (buffer, isFlattered)
  }

  private func drawn(
    from path: String, _ bundle: ModelBundle, _ recipe: Recipe, on team: ReplicaTeam
  ) throws -> (ReplayBuffer, Bool) {
    let known = bundle.description
    let manifest = try known.training.manifest(path, for: .train)
    let rows = manifest.rows.filter { $0.split != .test }
    // The rows that were held out at the old training, where it is the same manifest.
    let heldOut = HoldOut(rows, seed: try bundle.recipe().seed)
    let builder = DatasetBuilder(
      manifest: manifest, vision: nil, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ) { progress($0, $1, "decoding the old manifest") }
    let data = try builder.build(heldOut.rows, on: team).data
    var settings = recipe.replay
    // Without any to learn again there must still be some to measure on.
    if settings.rows == 0 { settings.rows = ReplaySettings().rows }
    var copy = bundle
    try copy.keepRows(
      train: data.train, held: data.validation, settings, areApart: heldOut.method != .blocks,
      seed: options.seed,
      on: team)
    guard let buffer = copy.heldReplay else {
      throw BundleError(
        path: path, reason: "None of its rows has a label that the bundle knows.",
        remedy: "Name the manifest that the bundle was trained on.")
    }
    return (buffer, heldOut.method != .given)
  }

  /// Old and new rows together.
  func join(
    _ buffer: ReplayBuffer, _ news: ContinuedData, _ recipe: Recipe, on team: ReplicaTeam
  ) throws -> (joined: Dataset, old: [Sample], replayed: Int) {
    guard let series = recipe.series else { preconditionFailure("a bundle without series") }
    let samples = try buffer.samples(series, on: team)
    let old = news.widened(samples.heldOut)
    // A recipe may ask for fewer rows than the bundle keeps.
    let names = Set(
      ReplayBuffer.draw(
        train: samples.learned, held: [], tasks: news.tasks, settings: recipe.replay, areApart: true,
        seed: options.seed
      ).rows.map(\.sample.id))
    let again = news.widened(samples.learned.filter { names.contains($0.id) })
    let data = Dataset(
      tasks: news.tasks, kinds: news.kinds, descriptions: news.descriptions, channelSets: series.sets,
      train: again + news.train, validation: old + news.validation, test: news.test)
    return (data, old, again.count)
  }

  /// What holds the weights; nil where the recipe asks for nothing.
  func penalty(
    _ bundle: ModelBundle, _ buffer: ReplayBuffer, _ recipe: Recipe, rows: Int, on team: ReplicaTeam
  ) throws -> ElasticPenalty? {
    guard recipe.elasticity > 0 else { return nil }
    progress(0, 1, "measuring which weights matter")
    guard let series = recipe.series else { return nil }
    let samples = try buffer.samples(series, on: team).learned
    let calm = bundle.withoutDropout
    let fisher = try FisherInformation(
      of: calm, samples, tasks: bundle.description.tasks, builder: bundle.network.builder, on: team)
    return ElasticPenalty(
      fisher, at: calm, weight: recipe.elasticity * Float(bundle.rowsLearned) / Float(max(1, rows)))
  }

  /// Every label before and after.
  func table(
    _ buffer: ReplayBuffer, _ old: [Sample], _ news: ContinuedData, from bundle: ModelBundle,
    to continued: ModelBundle, on team: ReplicaTeam
  ) throws -> ForgettingTable {
    let before = try bundle.predictor.predict(news.validation, on: team)
    return ForgettingTable(
      .init(
        samples: old, before: buffer.heldOut.map { $0.answer ?? .init(logits: [], value: nil) },
        after: try continued.predictor.predict(old, on: team)),
      .init(
        samples: news.validation, before: before.map { .init(logits: $0.logits, value: $0.value) },
        after: try continued.predictor.predict(news.validation, on: team)),
      from: bundle, to: continued)
  }
}

extension ModelBundle {
  /// The network with the same weights and without dropout, which is chance in training.
  var withoutDropout: AlignedModel<ModelHeads> {
    var (series, text) = (description.series, description.text)
    series?.dropout = 0
    series?.inputDropout = 0
    text?.dropout = 0
    var unfilled = Unfilled()
    return ModelBundle.fresh(
      vision: description.vision, series: series, text: text, embedding: description.embedding,
      decoder: description.decoder, tasks: description.tasks, kinds: description.kinds, smoothing: 0,
      using: &unfilled
    ).replacing(with: model.parameters("").map(\.tensor))
  }
}
