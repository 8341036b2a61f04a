import Alignment
import Encoders
import Layers
import Selector
import Tensors

/// Finds for each input the task whose training data it resembles most.
public struct Router: Sendable {
  private let bundle: ModelBundle
  /// Tasks that may be chosen.
  private let tasks: [Int]

  /// - Parameter scansOnly: only tasks with images or clips.
  public init(_ bundle: ModelBundle, scansOnly: Bool = false) {
    self.bundle = bundle
    tasks = bundle.description.tasks.indices.filter { task in
      !scansOnly || !bundle.description.kinds[task].isDisjoint(with: [.image, .clip])
    }
  }

  /// Whether any task can be chosen.
  public var isEmpty: Bool { tasks.isEmpty }

  /// - Returns: nil where no task takes inputs of this kind. A clip goes to tasks with images by its middle frame
  ///   where no task takes clips.
  public func route(_ source: ModelInput) -> RoutedInput? {
    var input = source.input
    var able = tasks.filter { bundle.description.kinds[$0].contains(input.kind) }
    if able.isEmpty, case .clip(let frames) = input, !frames.isEmpty {
      input = .image(frames[frames.count / 2])
      able = tasks.filter { bundle.description.kinds[$0].contains(.image) }
    }
    guard !able.isEmpty else { return nil }
    let tape = Tape(.inference)
    var unused = SeededGenerator(seed: 0)
    let predictor = bundle.predictor
    let encoded = bundle.model.encode(
      predictor.builder.build([input], augmenting: false, using: &unused), on: tape, using: &unused)
    let embedding = bundle.model.embed(encoded, kind: input.kind, on: tape).floats()
    let strangeness = able.map { distance(of: embedding, task: $0, kind: input.kind) }
    let best = strangeness.indices.min { strangeness[$0] < strangeness[$1] } ?? 0
    let task = able[best]
    let answers = bundle.model.heads.answers(encoded, task: task, on: tape)
    let prediction = Prediction(
      logits: answers.logits?.floats() ?? [], value: answers.values?.floats().first, embedding: embedding)
    let sample = Sample(
      id: source.path, group: nil, input: input, task: task, labels: nil, target: nil, texts: [],
      inputKey: source.path)
    var evidence = bundle.evidence(sample, prediction)
    evidence.strangeness = strangeness[best]
    let candidate = Candidate(
      kind: input.kind.rawValue, task: bundle.description.tasks[task].name,
      head: input.kind == .series ? .fault : .report, evidence: evidence, cost: Router.cost(input))
    return RoutedInput(
      source: source, sample: sample, encoded: encoded, prediction: prediction, candidate: candidate,
      nearest: bundle.familiarity[.init(task: task, kind: input.kind)]?.nearest(embedding, 3) ?? [],
      strangeness: zip(able, strangeness).map { (bundle.description.tasks[$0].name, $1) })
  }

  /// Training inputs of a kind below which nothing can be said of what is usual.
  private static let fewest = 8
  /// What stands for "as strange as can be told".
  private static let unknown: Float = 4

  private func distance(of embedding: [Float], task: Int, kind: SampleInput.Kind) -> Float {
    guard let known = bundle.familiarity[.init(task: task, kind: kind)] else { return Router.unknown }
    let found = known.strangeness(embedding)
    // The spread of a handful of inputs is no measure for others.
    return known.ids.count < Router.fewest ? max(Router.unknown, found) : found
  }

  /// Time relative to one picture.
  static func cost(_ input: SampleInput) -> Float {
    switch input {
    case .image: 1
    case .clip(let frames): Float(frames.count)
    case .series: 0.1
    }
  }
}
