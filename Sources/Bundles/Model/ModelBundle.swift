import Alignment
import Encoders
import Faults
import Foundation
import Layers
import Reports
import Selector
import Tensors
import Training

/// One trained whole: model, tokenizer, calibration, selector, and what is known of its training.
public struct ModelBundle: Sendable {
  /// Shapes, tasks, calibration and training record: what `bundle.json` holds.
  public var description: BundleDescription
  /// Encoders, maps into the shared space, and heads.
  public var model: AlignedModel<ModelHeads>
  /// Learners that answer the tasks of recordings beside the model's heads.
  public var ensemble = SeriesEnsemble()
  /// Splits texts into tokens; nil for a model without text.
  public var tokenizer: (any Tokenizer)?
  /// Decides which inputs count, and how much.
  public var selector: ModalitySelector
  /// By task and kind of input.
  public var familiarity: [FamiliarityKey: Familiarity]
  /// What pictures and clips of each task look like; empty in bundles that do not tell.
  public var appearance: [FamiliarityKey: Familiarity] = [:]
  /// What answers are computed in; see `computing(in:)`.
  public internal(set) var precision = InferencePrecision.f32
  /// Low-rank pairs that were trained and are merged into the model; written beside it, never read back.
  var adapter: Adapter?
  /// Nil where it stands in the bundle's file only; see `recipe()`.
  var heldRecipe: Recipe?
  /// Nil where there are none, or they stand in the bundle's file only; see `replay()`.
  var heldReplay: ReplayBuffer?
  /// Of the bundle's files; empty until it is stored.
  public var sha256 = ""
  /// Where it was read from; empty until it is stored.
  public var path = ""

  /// Training inputs are compared with others of the same task and kind.
  public struct FamiliarityKey: Sendable, Hashable {
    /// Index into the description's tasks.
    public var task: Int
    /// Modality of the inputs.
    public var kind: SampleInput.Kind

    /// - Parameter task: index into the description's tasks.
    public init(task: Int, kind: SampleInput.Kind) { (self.task, self.kind) = (task, kind) }
  }

  /// A model of the shape that a description gives, with fresh weights drawn from `rng`.
  public static func fresh(
    vision: VisionConfiguration?, series: SeriesConfiguration?, text: TextConfiguration?, embedding: Int,
    decoder: SentenceDecoder.Configuration?, tasks: [LabelTask], kinds: [Set<SampleInput.Kind>],
    smoothing: Float, using rng: inout some RandomNumberGenerator
  ) -> AlignedModel<ModelHeads> {
    let all = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($0.offset, $0.element) })
    let scans = all.filter { !kinds[$0.key].contains(.series) }
    let recordings = all.filter { kinds[$0.key].contains(.series) }
    let heads = ModelHeads(
      findings: vision.map {
        FindingsHead(tasks: scans, width: $0.width, dropout: 0.2, smoothing: smoothing, using: &rng)
      },
      faults: series.map {
        FaultHead(tasks: recordings, width: $0.width, dropout: $0.dropout, smoothing: smoothing, using: &rng)
      },
      decoder: decoder.map {
        SentenceDecoder(
          $0, tasks: scans.mapValues(\.labels.count).filter { $0.value > 0 }, using: &rng)
      })
    return AlignedModel(
      vision: vision, series: series, text: text, embedding: embedding, heads: heads, using: &rng)
  }

  /// Token ids of a text, as the text encoder takes them.
  public func tokens(_ text: String) -> [Int] {
    tokenizer?.frame(text, maximum: description.text?.length ?? 2) ?? []
  }

  /// Runs the model.
  public var predictor: Predictor<ModelHeads> {
    var predictor = network
    predictor.ensemble = ensemble
    return predictor
  }

  /// Runs the model without the learners beside it.
  var network: Predictor<ModelHeads> {
    Predictor(
      model: model,
      builder: BatchBuilder(
        vision: description.vision, series: description.series, augmentation: Augmentation()),
      precision: precision.tape)
  }

  /// Calibrated probabilities of a task's labels.
  public func probabilities(task: Int, _ logits: [Float]) -> [Float] {
    description.calibrations[task].probabilities(description.tasks[task], logits)
  }

  /// Places of every label's descriptions: `[task][label][description]`; empty without text.
  public func describedLabels() -> [[[[Float]]]] {
    guard tokenizer != nil, model.text != nil else { return [] }
    return description.descriptions.map { task in
      task.map { texts in predictor.embed(texts: texts.map { tokens($0) }) }
    }
  }

  /// Scores the bundle on samples.
  /// - Parameters:
  ///   - rows: of the manifest that the samples come from, so that faults are scored as events too; empty for none.
  ///   - rule: when windows become an event.
  ///   - resamples: draws for intervals; with 0 there are none, nor what else a page of results shows.
  public func evaluate(
    _ samples: [Sample], rows: [ManifestRow] = [], rule: AlarmRule = .usual, split: String,
    on team: ReplicaTeam, resamples: Int = 0
  ) throws -> Evaluation {
    let predictions = try predictor.predict(samples, on: team)
    let texts = Set(samples.flatMap(\.texts)).sorted()
    let places =
      tokenizer == nil || model.text == nil ? [] : predictor.embed(texts: texts.map { tokens($0) })
    var evaluator = Evaluator(tasks: description.tasks) { task, logits in
      probabilities(task: task, logits)
    }
    evaluator.resamples = resamples
    var evaluation = evaluator.evaluate(
      samples, predictions, split: split, descriptions: describedLabels(),
      texts: Dictionary(uniqueKeysWithValues: zip(texts, places)))
    let events = EventTrial(bundle: self, rule: rule).score(samples, predictions, rows: rows)
    for place in evaluation.tasks.indices {
      guard let task = description.tasks.firstIndex(where: { $0.name == evaluation.tasks[place].task }) else {
        continue
      }
      evaluation.tasks[place].events = events[task]
      evaluation.tasks[place].coverage = coverage(task, samples, predictions)
    }
    return evaluation
  }
}
