import Alignment
import Decoders
import Encoders
import Foundation
import Layers
import Tensors
import Training

/// A tiny training on made-up windows of two channels with three labels, told apart by their level.
struct ToyTraining {
  typealias Model = AlignedModel<TaskHead>

  var recipe = Recipe()
  var data: Dataset
  var series: SeriesConfiguration
  var task: LabelTask
  var checkpoint: String?
  var tokensAtOnce: Int?
  var dropout: Float = 0
  /// Beside what low-rank pairs freeze.
  var frozen: Set<String> = []
  var rates: [String: Float] = [:]
  var elastic: ElasticPenalty?
  var validate: @Sendable (Model, ReplicaTeam) throws -> Float? = { _, _ in nil }

  static let labels = ["high", "low", "middle"]

  init(rows: Int = 26, target: Bool = false) {
    var rng = SeededGenerator(seed: 11)
    let set = ChannelSet(
      channels: [Channel(name: "a"), Channel(name: "b")],
      statistics: [ChannelSet.Statistics](
        repeating: .init(mean: 0, deviation: 1, low: -3, high: 3), count: 2),
      rows: 12, stride: 12)
    series = SeriesConfiguration(
      sets: [set], points: 4, bands: 2, width: 16, hidden: 24, blocks: 1, depth: 1, tokenWidth: 16,
      heads: .fixed(2), dropout: 0, inputDropout: 0)
    task = LabelTask(
      name: "state", labels: ToyTraining.labels, exclusive: true,
      target: target ? .init(mean: 0, deviation: 1, low: -3, high: 3) : nil)
    var samples: [Sample] = []
    for row in 0..<rows {
      let label = row % 3
      let level: Float = [2, -2, 0][label]
      let window = SeriesWindow(values: (0..<24).map { _ in level + 0.3 * rng.normal() }, channels: 2, set: 0)
      samples.append(
        Sample(
          id: "row\(row)", group: nil, input: .series(window), task: 0,
          labels: (0..<3).map { $0 == label ? 1 : 0 }, target: target ? level : nil, texts: [],
          inputKey: "key\(row)"))
    }
    data = Dataset(
      tasks: [task], kinds: [[.series]],
      descriptions: [
        [["the level is high"], ["the level is low"], ["in the middle", "neither high nor low"]]
      ],
      channelSets: [set], train: samples, validation: [], test: [])
    recipe.series = series
    recipe.epochs = 3
    recipe.batch = 8
    recipe.learningRate = 5e-3
    recipe.contrast = .infoNCE
    recipe.labelSmoothing = 0
    recipe.seed = 4
  }

  var model: Model {
    var rng = SeededGenerator(seed: recipe.seed)
    return AlignedModel(
      vision: nil, series: series,
      text: TextConfiguration(
        vocabulary: 64, length: 32, width: 16, depth: 1, heads: .fixed(2), dropout: dropout),
      embedding: 12, heads: TaskHead(task, width: 16, dropout: dropout, using: &rng), using: &rng)
  }

  func train(threads: Int = 1, resume: Bool = false) throws -> Trainer<TaskHead>.Outcome {
    var trainer = Trainer<TaskHead>(
      recipe: recipe, data: data,
      builder: BatchBuilder(vision: nil, series: series, augmentation: recipe.augmentation),
      tokens: { $0.utf8.map { Int($0) % 64 } }, sentences: nil, checkpoint: checkpoint, fingerprint: "toy",
      validate: validate, progress: { _, _, _ in })
    if let tokensAtOnce { trainer.tokensAtOnce = tokensAtOnce }
    trainer.elastic = elastic
    let start = start
    (trainer.frozen, trainer.rates) = (start.frozen.union(frozen), rates)
    return try trainer.train(start.model, on: ReplicaTeam(threads), resume: resume)
  }

  /// What training begins with: with low-rank pairs where the recipe asks for them, all else known and frozen.
  var start: (model: Model, frozen: Set<String>) {
    guard let lora = recipe.lora else { return (model, []) }
    var rng = SeededGenerator(seed: recipe.seed + 1)
    return model.adapted(by: lora, known: Set(model.parameters("").map(\.name)), using: &rng)
  }
}

/// Whether two models have the same parameters, bit for bit.
func identical(_ a: ToyTraining.Model, _ b: ToyTraining.Model) -> Bool {
  let x = a.parameters(""), y = b.parameters("")
  return x.count == y.count
    && zip(x, y).allSatisfy {
      $0.name == $1.name && $0.tensor.floats().map(\.bitPattern) == $1.tensor.floats().map(\.bitPattern)
    }
}

/// A folder that is removed with its owner.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/braid-alignment-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}
