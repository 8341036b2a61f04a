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
  /// Share of the windows without labels that trees come to learn from, named by themselves; 0 for none.
  public var pseudoLabels: Float = 0
  /// Of everything that is drawn.
  public var seed: UInt64

  /// Train rows at which the network has as much to say as a member; with fewer it has learned little.
  private static let trusted: Float = 500
  /// Witnesses of validation that the weights before it are worth.
  static let priorWitnesses: Float = 100
  /// Below it a voice is not worth its time.
  static let leastShare: Float = 0.01
  /// Weight, beside the envelope's, of what reads the waveform of vibration.
  private static let waveform: Float = 0.2
  /// Trees that vote on labels.
  static let trees = 200
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
    for asked in questions(samples) {
      ensemble.parts[asked.key] = try part(asked, kinds, on: team)
    }
    return ensemble
  }

  /// Fits the members of an ensemble again, on other rows; those rows' streams keep their weights.
  public func refit(
    _ ensemble: SeriesEnsemble, _ samples: [Sample], on team: ReplicaTeam
  ) throws -> SeriesEnsemble {
    var again = ensemble
    for asked in questions(samples) {
      guard let known = ensemble.parts[asked.key],
        var part = try part(asked, known.members.map(\.kind), on: team)
      else { continue }
      part.record.voices = known.record.voices
      again.parts[asked.key] = part
    }
    return again
  }

  /// A question of a stream.
  private struct Asked {
    var key: SeriesEnsemble.Key
    /// Rows that know the answer.
    var rows: [Sample]
    /// Rows that know no label, from which some may be learned.
    var bare: [Sample]
    /// All questions of a stream share one, so that a window is expanded once for all of them.
    var expansion: SeriesExpansion
  }

  /// What is asked of the windows of each stream.
  private func questions(_ samples: [Sample]) -> [Asked] {
    let recordings = samples.filter { $0.input.kind == .series }
    let streams = Dictionary(grouping: recordings, by: \.stream).sorted { $0.key < $1.key }
    return streams.flatMap { stream, rows -> [Asked] in
      let task = tasks[stream.task]
      let named =
        task.exclusive && task.labels.count > 1 ? rows.filter { $0.labels != nil } : []
      let numbered = task.target != nil ? rows.filter { $0.target != nil } : []
      let most = named.count >= numbered.count ? named : numbered
      guard !most.isEmpty else { return [] }
      let bare = named.isEmpty ? [] : bare(rows)
      let windows = most.compactMap(\.window)
      var rng = SeededGenerator(seed: seed).split(4000 + stream.task).split(stream.set)
      let step = max(1, windows.count / Self.drawn)
      let expansion = SeriesExpansion(
        stride(from: 0, to: windows.count, by: step).map { windows[$0] },
        set: configuration.sets[stream.set], size: windows.count + bare.count, using: &rng)
      return [(SeriesEnsemble.Question.labels, named, bare), (.number, numbered, [])]
        .filter { !$0.1.isEmpty }.map {
          Asked(
            key: .init(task: stream.task, set: stream.set, question: $0.0), rows: $0.1, bare: $0.2,
            expansion: expansion)
        }
    }
  }

  private func part(
    _ asked: Asked, _ kinds: [EnsembleMember.Kind], on team: ReplicaTeam
  ) throws -> SeriesEnsemble.Part? {
    let (key, expansion) = (asked.key, asked.expansion)
    let task = tasks[key.task]
    let wanted = kinds.filter {
      !expansion.range($0.part).isEmpty && (key.question == .labels || $0 == .trees)
    }
    guard !wanted.isEmpty else { return nil }
    var members: [EnsembleMember] = []
    for kind in wanted {
      let rows = try features(kind, asked.rows, expansion, on: team)
      let bare =
        kind == .trees ? try features(kind, asked.bare, expansion, on: team) : [[Float]]()
      members.append(try member(kind, key.question, rows, bare, asked.rows, task, on: team))
    }
    let record = SeriesEnsemble.Record(
      key: key, expansion: expansion,
      voices: [
        .init(
          member: nil, weight: Self.weight(ofNetwork: asked.rows.count) * weight(ofWaveform: expansion, key),
          validation: nil)
      ]
        + members.map { .init(member: $0.kind, weight: weight(of: $0.kind, expansion, key), validation: nil) }
    )
    return SeriesEnsemble.Part(record: record, members: members)
  }

  static func weight(ofNetwork rows: Int) -> Float { Float(rows) / (Float(rows) + trusted) }

  /// Convolutions and words were found good with some ten thousand features of one sensor; spread over many sensors
  /// they leave most of each unseen. Of vibration, what repeats with the shaft goes by the machine's geometry, while the
  /// waveform goes by load, path and severity as well (Randall and Antoni 2011, "Rolling element bearing diagnostics"):
  /// the envelope has the first word there.
  private func weight(
    of kind: EnsembleMember.Kind, _ expansion: SeriesExpansion, _ key: SeriesEnsemble.Key
  ) -> Float {
    switch kind {
    case .envelope: 1
    case .trees: weight(ofWaveform: expansion, key)
    case .kernels, .competing, .words:
      weight(ofWaveform: expansion, key) * min(1, Float(expansion.range(kind.part).count) / 1000)
    }
  }

  private func weight(ofWaveform expansion: SeriesExpansion, _ key: SeriesEnsemble.Key) -> Float {
    configuration.sets[key.set].isVibration && expansion.hasEnvelope && kinds.contains(.envelope)
      ? Self.waveform : 1
  }

  private func features(
    _ kind: EnsembleMember.Kind, _ samples: [Sample], _ expansion: SeriesExpansion, on team: ReplicaTeam
  ) throws -> [[Float]] {
    let windows = samples.compactMap(\.window), configuration = configuration
    return try team.map(windows.count) { index in
      let window = windows[index], set = configuration.sets[window.set]
      return EnsembleMember.row(
        kind,
        features: window.features
          ?? SeriesFeatures.compute(window, set: set, configuration: configuration),
        expanded: expansion.compute(window, set: set, parts: [kind.part]), expansion: expansion,
        configuration: configuration)
    }
  }

  private func member(
    _ kind: EnsembleMember.Kind, _ question: SeriesEnsemble.Question, _ rows: [[Float]],
    _ bare: [[Float]], _ samples: [Sample], _ task: LabelTask, on team: ReplicaTeam
  ) throws -> EnsembleMember {
    let scale = FeatureScale(rows + bare, isCommon: kind == .words, isClamped: kind.isClamped)
    func table(_ rows: [[Float]]) throws -> FeatureMatrix {
      FeatureMatrix(
        try team.map(rows.count) { index in
          var row = rows[index]
          scale.apply(to: &row)
          return row
        })
    }
    let known = try table(rows)
    guard question == .labels else {
      let targets = samples.map { sample in
        (sample.target ?? 0) - (task.target?.mean ?? 0)
      }.map { $0 / (task.target?.deviation ?? 1) }
      let trees = try ExtraTrees.regress(
        known, targets: targets, options: .init(trees: 100, share: 0.1, minimumLeaf: 3, seed: seed), on: team)
      return EnsembleMember(kind, scale: scale, learner: .trees(trees))
    }
    let labels = samples.map { sample in
      let shares = sample.labels ?? []
      return shares.indices.max { shares[$0] < shares[$1] } ?? 0
    }
    let learner: EnsembleMember.Learner =
      switch kind {
      case .trees where !bare.isEmpty:
        .trees(
          try selfTrained(
            known, labels: labels, classes: task.labels.count, bare: try table(bare), on: team))
      case .trees:
        .trees(
          try ExtraTrees.classify(
            known, labels: labels, classes: task.labels.count,
            options: .init(trees: Self.trees, share: 0.1, minimumLeaf: 1, seed: seed), on: team))
      case .kernels, .competing, .words:
        .ridge(
          try RidgeClassifier.fit(
            known, labels: labels, classes: task.labels.count, folds: folds(samples), seed: seed, on: team))
      case .envelope:
        .logistic(
          try LogisticRegression.fit(
            known, labels: labels, classes: task.labels.count, folds: folds(samples), seed: seed, on: team))
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
