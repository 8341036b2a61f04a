import Encoders
import Foundation
import Layers
import Training

/// Fits the learners beside the network and weighs them on validation rows.
public struct EnsembleFitter: Sendable {
  /// Shape of the series encoder, with measured channel sets.
  public var configuration: SeriesConfiguration
  /// The data set's tasks.
  public var tasks: [LabelTask]
  /// Members that may take part.
  public var kinds: [EnsembleMember.Kind]
  /// Of everything that is drawn.
  public var seed: UInt64

  /// Train rows at which the network has as much to say as a member; with fewer it has learned little.
  private static let trusted: Float = 500
  /// Windows from which thresholds of convolutions are drawn.
  private static let drawn = 1000

  /// - Parameters:
  ///   - configuration: with measured channel sets.
  ///   - kinds: members that may take part.
  public init(
    _ configuration: SeriesConfiguration, tasks: [LabelTask], kinds: [EnsembleMember.Kind], seed: UInt64
  ) {
    (self.configuration, self.tasks, self.kinds, self.seed) = (configuration, tasks, kinds, seed)
  }

  /// Fits all members that apply to each question of each stream of the train rows.
  public func fit(_ samples: [Sample], on team: ReplicaTeam) throws -> SeriesEnsemble {
    var ensemble = SeriesEnsemble()
    for (key, rows, expansion) in questions(samples) {
      ensemble.parts[key] = try part(key, rows, expansion, kinds, on: team)
    }
    return ensemble
  }

  /// Fits the members of an ensemble again, on other rows; those rows' streams keep their weights.
  public func refit(
    _ ensemble: SeriesEnsemble, _ samples: [Sample], on team: ReplicaTeam
  ) throws -> SeriesEnsemble {
    var again = ensemble
    for (key, rows, expansion) in questions(samples) {
      guard let known = ensemble.parts[key],
        var part = try part(key, rows, expansion, known.members.map(\.kind), on: team)
      else { continue }
      part.record.voices = known.record.voices
      again.parts[key] = part
    }
    return again
  }

  /// What is asked of the windows of each stream, with the rows that know the answer. All questions of a stream share
  /// one expansion, so that a window is expanded once for all of them.
  private func questions(
    _ samples: [Sample]
  ) -> [(key: SeriesEnsemble.Key, rows: [Sample], expansion: SeriesExpansion)] {
    let recordings = samples.filter { $0.input.kind == .series }
    let streams = Dictionary(grouping: recordings, by: \.stream).sorted { $0.key < $1.key }
    return streams.flatMap { stream, rows in
      let task = tasks[stream.task]
      let asked = SeriesEnsemble.Question.allCases.map { question in
        rows.filter { sample in
          switch question {
          case .labels: task.exclusive && task.labels.count > 1 && sample.labels != nil
          case .number: task.target != nil && sample.target != nil
          }
        }
      }
      guard let most = asked.max(by: { $0.count < $1.count }), !most.isEmpty else {
        return [(key: SeriesEnsemble.Key, rows: [Sample], expansion: SeriesExpansion)]()
      }
      let windows = most.compactMap { sample -> SeriesWindow? in
        if case .series(let window) = sample.input { window } else { nil }
      }
      var rng = SeededGenerator(seed: seed).split(4000 + stream.task).split(stream.set)
      let step = max(1, windows.count / Self.drawn)
      let expansion = SeriesExpansion(
        stride(from: 0, to: windows.count, by: step).map { windows[$0] },
        set: configuration.sets[stream.set], size: windows.count, using: &rng)
      return zip(SeriesEnsemble.Question.allCases, asked).filter { !$1.isEmpty }.map {
        (
          key: SeriesEnsemble.Key(task: stream.task, set: stream.set, question: $0), rows: $1,
          expansion: expansion
        )
      }
    }
  }

  private func part(
    _ key: SeriesEnsemble.Key, _ samples: [Sample], _ expansion: SeriesExpansion,
    _ kinds: [EnsembleMember.Kind], on team: ReplicaTeam
  ) throws -> SeriesEnsemble.Part? {
    let task = tasks[key.task], set = configuration.sets[key.set]
    let windows = samples.compactMap { sample -> SeriesWindow? in
      if case .series(let window) = sample.input { window } else { nil }
    }
    let wanted = kinds.filter {
      !expansion.range($0.part).isEmpty && (key.question == .labels || $0 == .trees)
    }
    guard !wanted.isEmpty else { return nil }
    let configuration = configuration
    var members: [EnsembleMember] = []
    for kind in wanted {
      let rows = try team.map(windows.count) { index in
        let window = windows[index]
        return EnsembleMember.row(
          kind,
          features: window.features
            ?? SeriesFeatures.compute(window, set: set, configuration: configuration),
          expanded: expansion.compute(window, set: set, parts: [kind.part]), expansion: expansion,
          configuration: configuration)
      }
      members.append(try member(kind, key.question, rows, samples, task, on: team))
    }
    let record = SeriesEnsemble.Record(
      key: key, expansion: expansion,
      voices: [.init(member: nil, weight: Self.weight(ofNetwork: samples.count), validation: nil)]
        + members.map { .init(member: $0.kind, weight: Self.weight(of: $0.kind, expansion), validation: nil) }
    )
    return SeriesEnsemble.Part(record: record, members: members)
  }

  static func weight(ofNetwork rows: Int) -> Float { Float(rows) / (Float(rows) + trusted) }

  /// Convolutions were found good with some ten thousand features of one sensor; spread over many sensors they leave
  /// most of each unseen.
  private static func weight(of kind: EnsembleMember.Kind, _ expansion: SeriesExpansion) -> Float {
    kind == .kernels ? min(1, Float(expansion.range(.kernels).count) / 1000) : 1
  }

  private func member(
    _ kind: EnsembleMember.Kind, _ question: SeriesEnsemble.Question, _ rows: [[Float]],
    _ samples: [Sample], _ task: LabelTask, on team: ReplicaTeam
  ) throws -> EnsembleMember {
    let scale = FeatureScale(rows)
    let table = FeatureMatrix(
      try team.map(rows.count) { index in
        var row = rows[index]
        scale.apply(to: &row)
        return row
      })
    guard question == .labels else {
      let targets = samples.map { sample in
        (sample.target ?? 0) - (task.target?.mean ?? 0)
      }.map { $0 / (task.target?.deviation ?? 1) }
      let trees = try ExtraTrees.regress(
        table, targets: targets, options: .init(trees: 100, share: 0.1, minimumLeaf: 3, seed: seed), on: team)
      return EnsembleMember(kind, scale: scale, learner: .trees(trees))
    }
    let labels = samples.map { sample in
      let shares = sample.labels ?? []
      return shares.indices.max { shares[$0] < shares[$1] } ?? 0
    }
    let learner: EnsembleMember.Learner =
      switch kind {
      case .trees:
        .trees(
          try ExtraTrees.classify(
            table, labels: labels, classes: task.labels.count,
            options: .init(trees: 200, share: 0.1, minimumLeaf: 1, seed: seed), on: team))
      case .kernels:
        .ridge(
          try RidgeClassifier.fit(
            table, labels: labels, classes: task.labels.count, folds: folds(samples), seed: seed, on: team))
      case .envelope:
        .logistic(
          try LogisticRegression.fit(
            table, labels: labels, classes: task.labels.count, folds: folds(samples), seed: seed, on: team))
      }
    return EnsembleMember(kind, scale: scale, learner: learner)
  }

  /// Whole groups in one of five folds; nil where there are no groups.
  private func folds(_ samples: [Sample]) -> [Int]? {
    let names = Set(samples.compactMap(\.group)).sorted()
    guard names.count >= 10, samples.allSatisfy({ $0.group != nil }) else { return nil }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset % 5) })
    return samples.map { places[$0.group ?? ""] ?? 0 }
  }
}
