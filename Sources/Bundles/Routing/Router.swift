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
      !scansOnly || !bundle.description.kinds[task].isDisjoint(with: [.image, .views, .clip])
    }
  }

  /// Whether any task can be chosen.
  public var isEmpty: Bool { tasks.isEmpty }

  /// - Returns: nil where no task takes inputs of this kind. A clip goes to tasks with images by its middle frame
  ///   where no task takes clips.
  public func route(_ source: ModelInput) -> RoutedInput? {
    var input = source.input
    var able = tasks(for: input.kind)
    if able.isEmpty, case .clip(let frames) = input, !frames.isEmpty {
      input = .image(frames[frames.count / 2])
      able = tasks(for: .image)
    }
    guard !able.isEmpty else { return nil }
    let tape = Tape(.inference, precision: bundle.precision.tape)
    var unused = SeededGenerator(seed: 0)
    let predictor = bundle.predictor
    let encoded = bundle.model.encode(
      predictor.builder.build([input], augmenting: false, using: &unused), on: tape, using: &unused)
    let embedding = bundle.model.embed(encoded, kind: input.kind, on: tape).floats()
    let strangeness = able.map { bundle.strangeness(input, embedding: embedding, task: $0) }
    let best = strangeness.indices.min { strangeness[$0] < strangeness[$1] } ?? 0
    let task = able[best]
    let answers = bundle.model.heads.answers(encoded, task: task, on: tape)
    let prediction = Prediction(
      logits: answers.logits?.floats() ?? [], value: answers.values?.floats().first, embedding: embedding)
    let sample = Sample(
      id: source.path, group: nil, input: input, task: task, labels: nil, target: nil, texts: [],
      inputKey: source.path)
    let candidate = Candidate(
      kind: input.kind.rawValue, task: bundle.description.tasks[task].name,
      head: input.kind == .series ? .fault : .report, evidence: bundle.evidence(sample, prediction),
      cost: Router.cost(input), objection: objection(source, task: task))
    return RoutedInput(
      source: source, sample: sample, encoded: encoded, prediction: prediction, candidate: candidate,
      nearest: bundle.familiarity[.init(task: task, kind: input.kind)]?.nearest(embedding, 3) ?? [],
      strangeness: zip(able, strangeness).map { (bundle.description.tasks[$0].name, $1) })
  }

  /// Whoever reads several views reads one too.
  private func tasks(for kind: SampleInput.Kind) -> [Int] {
    tasks.filter { task in
      let kinds = bundle.description.kinds[task]
      return kinds.contains(kind) || kind == .image && kinds.contains(.views)
    }
  }

  /// Why a scan is none of what the task is about, by its header and by the text in it.
  private func objection(_ source: ModelInput, task: Int) -> Objection? {
    guard source.input.kind != .series else { return nil }
    if let marks = source.marks, marks.isPage { return .screenshot(lines: marks.lines) }
    var kinds: [String] = []
    if case .list(let values)? = source.metadata["imageType"] {
      kinds = values.compactMap { value -> String? in if case .string(let text) = value { text } else { nil }
      }
    }
    var part: String?
    if case .string(let text)? = source.metadata["bodyPart"] { part = text }
    let known = bundle.description.tasks[task]
    return Objection(imageType: kinds, bodyPart: part, task: [known.name] + known.labels)
  }

  /// Time relative to one picture.
  static func cost(_ input: SampleInput) -> Float {
    switch input {
    case .image: 1
    case .views(let frames), .clip(let frames): Float(frames.count)
    case .series: 0.1
    }
  }
}
