import Alignment
import Encoders
import Layers
import Selector
import Training

extension ModelBundle {
  /// Fits probabilities and states of every task on its validation rows, and has them say whether views are encoded
  /// together; tasks with too few keep what they have.
  mutating func calibrate(_ samples: [Sample], on team: ReplicaTeam) throws {
    let held = try predictor.predict(samples, on: team)
    for task in description.tasks.indices {
      let rows = samples.indices.filter { samples[$0].task == task && samples[$0].labels != nil }
      let fitted = TaskCalibration(
        description.tasks[task], logits: rows.map { held[$0].logits },
        truth: rows.compactMap { samples[$0].labels })
      let interval = interval(task, samples, held)
      if fitted.rows > 0 { description.calibrations[task] = fitted }
      if let interval { description.calibrations[task].interval = interval }
    }
    let views = try ViewsTrial(bundle: self).score(samples, on: team)
    if !views.isEmpty { description.views = views }
  }

  private func interval(
    _ task: Int, _ samples: [Sample], _ held: [Prediction]
  ) -> ConformalInterval? {
    let numbered = numbered(task, samples, held)
    return ConformalInterval.fit(
      numbered.predicted, truth: numbered.truth, groups: numbered.rows.map { samples[$0].group })
  }

  /// What the intervals around a task's number hold of the samples; nil where there is none.
  func coverage(_ task: Int, _ samples: [Sample], _ held: [Prediction]) -> Evaluation.Coverage? {
    guard let interval = description.calibrations[task].interval else { return nil }
    let numbered = numbered(task, samples, held)
    return interval.score(numbered.predicted, truth: numbered.truth).map {
      .init(level: interval.level, share: $0.share, width: $0.width)
    }
  }

  /// The rows of a task that have a number, with what was predicted and what is true, in the number's own unit.
  private func numbered(
    _ task: Int, _ samples: [Sample], _ held: [Prediction]
  ) -> (rows: [Int], predicted: [Float], truth: [Float]) {
    guard let scale = description.tasks[task].target else { return ([], [], []) }
    let rows = samples.indices.filter {
      samples[$0].task == task && samples[$0].target != nil && held[$0].value != nil
    }
    return (
      rows, rows.compactMap { held[$0].value.map(scale.restored) }, rows.compactMap { samples[$0].target }
    )
  }

  /// Keeps prototypes of the training rows and measures how far others usually lie from them.
  mutating func measureFamiliarity(_ data: Dataset, on team: ReplicaTeam) throws {
    let data = data.withSingleViews
    let held = try network.predict(data.validation, on: team)
    let trained = try network.predict(data.train, on: team)
    (familiarity, appearance) = ([:], [:])
    (description.familiarity, description.appearance) = ([], [])
    for task in description.tasks.indices {
      for kind in SampleInput.Kind.allCases {
        let rows = data.train.indices.filter {
          data.train[$0].task == task && data.train[$0].input.kind == kind
        }
        guard !rows.isEmpty else { continue }
        let others = data.validation.indices.filter {
          data.validation[$0].task == task && data.validation[$0].input.kind == kind
        }
        let known = Familiarity(
          embeddings: rows.map { trained[$0].embedding }, ids: rows.map { data.train[$0].id },
          heldOut: others.map { held[$0].embedding })
        familiarity[FamiliarityKey(task: task, kind: kind)] = known
        description.familiarity.append(.init(task: task, kind: kind, usual: known.usual, ids: known.ids))
        let looks = rows.compactMap { ModelBundle.measures(data.train[$0].input) }
        guard looks.count == rows.count else { continue }
        let seen = Familiarity(
          embeddings: looks, ids: rows.map { data.train[$0].id },
          heldOut: others.compactMap { ModelBundle.measures(data.validation[$0].input) })
        appearance[FamiliarityKey(task: task, kind: kind)] = seen
        description.appearance?.append(.init(task: task, kind: kind, usual: seen.usual, ids: seen.ids))
      }
    }
  }

  /// Teaches the selector on validation rows (train rows where there are none), each as it is and damaged.
  mutating func trainSelector(_ data: Dataset, on team: ReplicaTeam) throws {
    let data = data.withSingleViews
    let rows = data.validation.filter { $0.isLabelled }.isEmpty ? data.train : data.validation
    var networks: [String: TrustNetwork] = [:]
    let seed = try recipe().seed
    for kind in SampleInput.Kind.allCases {
      let known = rows.filter { $0.input.kind == kind && ($0.labels != nil || $0.target != nil) }
      guard known.count >= 16 else { continue }
      let step = max(1, known.count / 300)
      let some = stride(from: 0, to: known.count, by: step).map { known[$0] }
      var rng = SeededGenerator(seed: seed).split(77)
      let damaged = some.flatMap { sample in
        [sample] + Damage.allCases.compactMap { damage($0, sample, using: &rng) }
      }
      let bundle = self
      let predictions = try predictor.predict(damaged, on: team)
      let examples = try team.map(damaged.count) { index in
        (
          evidence: bundle.evidence(damaged[index], predictions[index]),
          right: bundle.isRight(damaged[index], predictions[index])
        )
      }
      networks[kind.rawValue] = TrustNetwork.trained(on: examples, seed: seed)
    }
    selector = ModalitySelector(networks: networks, threshold: selector.threshold)
    description.selectorKinds = networks.keys.sorted()
  }

  private func damage(
    _ damage: Damage, _ sample: Sample, using rng: inout some RandomNumberGenerator
  ) -> Sample? {
    var copy = sample
    switch (sample.input, damage) {
    case (.image(let picture), .blur), (.image(let picture), .overexposure), (.image(let picture), .noise),
      (.image(let picture), .blank):
      copy.input = .image(damage.apply(to: picture, using: &rng))
    case (.views(let pictures), .blur), (.views(let pictures), .overexposure),
      (.views(let pictures), .noise), (.views(let pictures), .blank):
      copy.input = .views(pictures.map { damage.apply(to: $0, using: &rng) })
    case (.clip(let frames), .blur), (.clip(let frames), .overexposure), (.clip(let frames), .noise),
      (.clip(let frames), .blank):
      copy.input = .clip(frames.map { damage.apply(to: $0, using: &rng) })
    case (.series(let window), .noise), (.series(let window), .dropout), (.series(let window), .stuck),
      (.series(let window), .shifted):
      guard let series = description.series else { return nil }
      copy.input = .series(
        damage.apply(to: window, statistics: series.sets[window.set].statistics, using: &rng))
    default: return nil
    }
    return copy
  }

  /// What the selector weighs for a sample that was predicted.
  public func evidence(_ sample: Sample, _ prediction: Prediction) -> Evidence {
    let quality: Quality
    switch sample.input {
    case .image(let picture): quality = Quality(picture)
    case .views(let frames), .clip(let frames): quality = Quality(clip: frames)
    case .series(let window):
      quality = description.series.map { Quality(window, set: $0.sets[window.set]) } ?? Quality()
    }
    let task = description.tasks[sample.task]
    return Evidence(
      quality: quality,
      strangeness: strangeness(sample.input, embedding: prediction.embedding, task: sample.task),
      uncertainty: Evidence.entropy(
        probabilities(task: sample.task, prediction.logits), exclusive: task.exclusive))
  }

  /// Share of a sample's answers that are right: of one label 0 or 1, of several their share, of a number
  /// whether it lies within half a deviation.
  private func isRight(_ sample: Sample, _ prediction: Prediction) -> Float {
    let task = description.tasks[sample.task]
    if let labels = sample.labels, !prediction.logits.isEmpty {
      let shares = probabilities(task: sample.task, prediction.logits)
      if task.exclusive {
        let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
        return labels[best] > 0.5 ? 1 : 0
      }
      // Of the labels that are there or said to be there, the share that is both (Jaccard): with many labels
      // nearly all of which are absent, agreement on those would flatter every head.
      let named = zip(shares, labels).filter { $0 >= 0.5 || $1 > 0.5 }
      return named.isEmpty ? 1 : Float(named.filter { $0 >= 0.5 && $1 > 0.5 }.count) / Float(named.count)
    }
    if let target = sample.target, let value = prediction.value, let scale = task.target {
      return abs(scale.restored(value) - target) < scale.deviation / 2 ? 1 : 0
    }
    return 0.5
  }
}
