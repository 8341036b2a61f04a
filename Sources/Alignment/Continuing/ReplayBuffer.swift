import Encoders
import Training

/// Train rows that a bundle keeps within itself, to be learned again beside new ones (Robins 1995, "Catastrophic
/// forgetting, rehearsal and pseudorehearsal"), and rows held out of every training, to measure forgetting on.
public struct ReplayBuffer: Sendable {
  /// One window of a recording with what is known of it.
  public struct Row: Sendable {
    /// Readings, labels and number; without features, which are computed when they are needed.
    public var sample: Sample
    /// Whether no training sees it.
    public var isHeldOut: Bool
    /// What a model said of it that had not learned from it; nil for rows that are learned.
    public var answer: Answer?

    /// - Parameter answer: of a model that had not learned from the row.
    public init(sample: Sample, isHeldOut: Bool, answer: Answer? = nil) {
      (self.sample, self.isHeldOut, self.answer) = (sample, isHeldOut, answer)
    }
  }

  /// What was said of a row.
  public struct Answer: Sendable, Codable, Hashable {
    /// In the order of the task's labels.
    public var logits: [Float]
    /// Standardised; nil for a task without numbers.
    public var value: Float?

    /// - Parameter value: standardised.
    public init(logits: [Float], value: Float?) { (self.logits, self.value) = (logits, value) }
  }

  /// In the order of their labels, best spread first.
  public var rows: [Row]
  /// Whether rows that are held out come from other recordings than those that are learned.
  public var areApart: Bool

  /// - Parameter areApart: whether held-out rows come from other recordings.
  public init(rows: [Row], areApart: Bool) { (self.rows, self.areApart) = (rows, areApart) }

  /// Rows to learn from.
  public var learned: [Row] { rows.filter { !$0.isHeldOut } }
  /// Rows to measure forgetting on.
  public var heldOut: [Row] { rows.filter(\.isHeldOut) }

  /// Bytes that a window takes in the buffer.
  static func size(_ sample: Sample) -> Int { (sample.window?.values.count ?? 0) * 4 }

  /// Draws rows within the limits: of every label as many, of its groups in turn, which ones by chance. Where they
  /// would take more room than they may, every label gives up rows alike.
  /// - Parameters:
  ///   - train: rows that are learned from; only windows with a label or a number are kept.
  ///   - held: rows that are not.
  ///   - seed: the same rows for the same seed, whatever their order.
  public static func draw(
    train: [Sample], held: [Sample], tasks: [LabelTask], settings: ReplaySettings, areApart: Bool,
    seed: UInt64
  ) -> ReplayBuffer {
    guard settings.rows > 0 else { return ReplayBuffer(rows: [], areApart: areApart) }
    let most = settings.heldOutRows
    let learned = strata(train, tasks, seed: seed, limit: settings.rows - most)
    let measured = strata(held, tasks, seed: seed, limit: most)
    let names = Set(learned.keys).union(measured.keys).sorted { ($0.task, $0.label) < ($1.task, $1.label) }
    var queues = names.map { name in
      mixed(learned[name] ?? [], measured[name] ?? [], share: settings.heldOut)[...]
    }
    var rows = names.map { _ in [Row]() }, bytes = 0
    let room = Int(Double(settings.megabytes) * 1_000_000)
    while queues.contains(where: { !$0.isEmpty }) {
      for index in queues.indices {
        guard let row = queues[index].popFirst() else { continue }
        let size = size(row.sample)
        guard bytes + size <= room else { continue }
        bytes += size
        rows[index].append(row)
      }
    }
    return ReplayBuffer(rows: rows.flatMap { $0 }, areApart: areApart)
  }

  /// What rows are kept evenly of.
  private struct Stratum: Hashable { var task: Int, label: Int }

  /// Up to `limit` rows of each label, its groups in turn.
  private static func strata(
    _ samples: [Sample], _ tasks: [LabelTask], seed: UInt64, limit: Int
  ) -> [Stratum: [Sample]] {
    let known = samples.filter { $0.input.kind == .series && ($0.labels != nil || $0.target != nil) }
    var counts: [Stratum: Int] = [:]
    for sample in known {
      for label in positives(sample) { counts[Stratum(task: sample.task, label: label), default: 0] += 1 }
    }
    let named = Dictionary(grouping: known) { sample in
      // The rarest of several labels decides: the others have more rows elsewhere.
      let own = positives(sample).map { Stratum(task: sample.task, label: $0) }
      return own.min { (counts[$0] ?? 0, $0.label) < (counts[$1] ?? 0, $1.label) }
        ?? Stratum(task: sample.task, label: tasks[sample.task].labels.count)
    }
    return named.mapValues { Array(inTurn($0, seed: seed).prefix(limit)) }
  }

  private static func positives(_ sample: Sample) -> [Int] {
    (sample.labels ?? []).indices.filter { (sample.labels?[$0] ?? 0) > 0.5 }
  }

  /// The first row of every group, then the second of every group, and so on; both drawn by their names.
  private static func inTurn(_ samples: [Sample], seed: UInt64) -> [Sample] {
    let groups = Dictionary(grouping: samples) { $0.group ?? $0.inputKey }
    func rank(_ name: String) -> UInt64 { SplitMix64.rank("replay \(name)", seed: seed) }
    let order = groups.keys.sorted { (rank($0), $0) < (rank($1), $1) }
    let lists = order.map { name in
      (groups[name] ?? []).sorted { (rank($0.id), $0.id) < (rank($1.id), $1.id) }
    }
    return (0..<(lists.map(\.count).max() ?? 0)).flatMap { place in
      lists.compactMap { $0.indices.contains(place) ? $0[place] : nil }
    }
  }

  /// Both lists as one, in which about `share` of any beginning is held out.
  private static func mixed(_ learned: [Sample], _ measured: [Sample], share: Float) -> [Row] {
    var (learned, measured) = (learned[...], measured[...]), rows: [Row] = []
    while !learned.isEmpty || !measured.isEmpty {
      let isDue = Int(Float(rows.count + 1) * share) > Int(Float(rows.count) * share)
      let takesHeld = learned.isEmpty || (isDue && !measured.isEmpty)
      guard let sample = takesHeld ? measured.popFirst() : learned.popFirst() else { break }
      rows.append(Row(sample: sample.bare, isHeldOut: takesHeld))
    }
    return rows
  }
}

extension Sample {
  /// Without what can be computed again.
  fileprivate var bare: Sample {
    guard var window else { return self }
    (window.features, window.expanded) = (nil, nil)
    var copy = self
    copy.input = .series(window)
    return copy
  }
}

extension ReplayBuffer {
  /// The rows with their features, as trainings take them, in their order.
  public func samples(
    _ series: SeriesConfiguration, on team: ReplicaTeam
  ) throws -> (learned: [Sample], heldOut: [Sample]) {
    var data = Dataset(
      tasks: [], kinds: [], descriptions: [], channelSets: series.sets, train: learned.map(\.sample),
      validation: heldOut.map(\.sample), test: [])
    try data.computeFeatures(series, on: team)
    return (data.train, data.validation)
  }
}
