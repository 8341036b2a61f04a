import Alignment
import Encoders
import Faults
import Selector
import Training

/// From windows of a recording to predictions: features, encoder, heads, calibration, selector, contributions.
///
/// Every window runs in a batch of its own together with its copies without each sensor, so that its numbers do not
/// depend on what stands beside it: a stream gives the same as the file.
public struct FaultPipeline: Sendable {
  /// Windows for which the share of each sensor in the answer is found out.
  public enum Contributions: String, Sendable, CaseIterable {
    /// Every one; those that alarm; none.
    case all, alarms, none
  }

  /// What a window of this channel set is asked.
  public struct Questions: Sendable, Equatable {
    /// Index of the task that names the fault; nil for a bundle that tells remaining life only.
    public var fault: Int?
    /// Index of the task that tells the remaining life.
    public var remaining: Int?
  }

  /// The trained whole that answers.
  public let bundle: ModelBundle
  /// Index of the channel set.
  public let set: Int
  /// Which task tells the fault, and which the remaining life.
  public let questions: Questions
  /// Windows whose contributions are wanted; others have none.
  public var contributions = Contributions.all
  let channelSet: ChannelSet
  /// Labels asked for in words; nil where the bundle's own answer.
  let asked: ZeroShotLabels?
  let series: SeriesConfiguration
  private let predictor: Predictor<ModelHeads>
  private let normal: [Bool]
  /// Index of the first task that takes such windows.
  let first: Int

  /// Relative cost of a window for the selector; a still picture costs 1.
  private static let cost: Float = 0.1
  /// From this probability on a fault alarms even where the selector does not trust the window.
  private static let plain = 0.9
  /// Windows this many times as strange as usual are for a person too.
  private static let farthest: Float = 4
  /// Copies of a window that run at once; bounds memory for recordings with very many sensors.
  private static let copies = 64

  /// - Parameters:
  ///   - set: index of the channel set.
  ///   - task: name of the task that is to answer, where several can; nil for the first.
  ///   - asked: labels that are known by their texts alone, which then answer in place of the bundle's.
  /// - Throws: `BundleError` when the bundle has no task for the set, or none of that name.
  public init(
    _ bundle: ModelBundle, set: Int, task: String? = nil, asked: ZeroShotLabels? = nil
  ) throws {
    guard let series = bundle.description.series, series.sets.indices.contains(set) else {
      throw BundleError(
        path: bundle.path, reason: "The bundle knows no sensor recordings.",
        remedy: "Name a bundle that was trained on series with --bundle.")
    }
    let tasks = bundle.description.tasks
    let (all, isCertain) = bundle.tasks(ofChannelSet: set)
    let names = all.map { tasks[$0].name }
    var candidates = all
    if let task {
      candidates = candidates.filter { tasks[$0].name == task }
      guard !candidates.isEmpty else {
        throw BundleError(
          path: bundle.path, reason: "No task “\(task)” answers for these channels.",
          remedy: "Name one of \(names.joined(separator: ", ")) with --task, or none.")
      }
    } else if !isCertain {
      // Answering with another machine's faults would be worse than no answer.
      throw BundleError(
        path: bundle.path,
        reason: "The bundle does not tell which of its tasks answers for these channels: "
          + "\(names.joined(separator: ", ")).",
        remedy: "Name one with --task.")
    }
    let fault = candidates.first { !tasks[$0].labels.isEmpty }
    let remaining =
      fault.flatMap { tasks[$0].target == nil ? nil : $0 } ?? candidates.first { tasks[$0].target != nil }
    guard fault != nil || remaining != nil || (asked != nil && !candidates.isEmpty) else {
      throw BundleError(
        path: bundle.path, reason: "No task of the bundle has labels or targets for these channels.",
        remedy: "Name another bundle with --bundle.")
    }
    (self.bundle, self.set, self.series, self.asked) = (bundle, set, series, asked)
    first = candidates[0]
    questions = Questions(fault: fault, remaining: remaining)
    channelSet = series.sets[set]
    predictor = bundle.predictor
    normal = fault.map { tasks[$0].labels.map(NormalLabel.isNormal) } ?? []
  }

  /// Labels of the fault task, in the order of `FaultPrediction.probabilities`.
  public var labels: [String] {
    asked?.labels ?? questions.fault.map { bundle.description.tasks[$0].labels } ?? []
  }

  /// First description of each label, in the same order; nil where there is none.
  public var labelDescriptions: [String?] {
    asked?.texts.map(\.first) ?? questions.fault.map { bundle.description.descriptions[$0].map(\.first) }
      ?? []
  }

  /// Rows of a window and rows from one to the next, as in training.
  public var rows: Int { channelSet.rows }
  /// Rows from one window to the next, as in training.
  public var stride: Int { channelSet.stride }

  /// Predictions of several windows, shared out over the threads of a team; in their order.
  func predict(_ windows: [WindowCutter.Window], on team: ReplicaTeam) throws -> [FaultPrediction] {
    try team.map(windows.count) { predict(windows[$0]) }
  }

  private func predict(_ cut: WindowCutter.Window) -> FaultPrediction {
    var window = SeriesWindow(values: cut.values, channels: channelSet.channels.count, set: set)
    window.features = SeriesFeatures.compute(window, set: channelSet, configuration: series)
    var result = FaultPrediction(row: cut.lastRow, time: cut.time)
    (result.refusedRows, result.reasons) = (cut.refusedRows, cut.doubts)
    if let asked { return answer(asked, window, result) }
    var shares: [Double] = []
    if let task = questions.fault {
      let own = bundle.ensemble.expand(window, task: task, configuration: series)
      let answers = answers(own, task: task, explains: contributions == .all)
      shares = name(&result, task, answers, own)
      if contributions == .alarms, result.alarm { shares = self.shares(of: result, task, own) }
      if questions.remaining == task { result.remaining = restored(answers[0], task) }
    }
    if let task = questions.remaining, task != questions.fault {
      let explains = contributions == .all && questions.fault == nil
      let answers = answers(window, task: task, explains: explains)
      result.remaining = restored(answers[0], task)
      if questions.fault == nil {
        let values = answers.map { $0.value ?? 0 }
        shares = Occlusion.shares(whole: values[0], without: Array(values[1...]))
        judge(&result, task, answers[0], window)
      }
    }
    result.contributions = zip(channelSet.channels, shares).map { .init(sensor: $0.name, share: $1) }
    return result
  }

  /// Predictions of a window as it is and, where its answer is to be explained, without each channel.
  func answers(_ window: SeriesWindow, task: Int, explains: Bool = true) -> [Prediction] {
    let window = bundle.ensemble.expand(window, task: task, configuration: series)
    let versions = explains ? Occlusion.variants(of: window.features ?? [], channels: window.channels) : []
    return predictor.predict(window, versions: versions, task: task, batch: FaultPipeline.copies)
  }

  /// Shares of the sensors in a fault that was named.
  private func shares(of result: FaultPrediction, _ task: Int, _ window: SeriesWindow) -> [Double] {
    let known = bundle.description.tasks[task], answers = answers(window, task: task)
    guard let label = known.labels.firstIndex(where: { $0 == result.fault }) else { return [] }
    return Occlusion.shares(
      whole: answers[0].logits, without: answers[1...].map(\.logits), label: label, exclusive: known.exclusive
    )
  }

  /// Fault, probability and alarm; returns the sensors' shares.
  private func name(
    _ result: inout FaultPrediction, _ task: Int, _ answers: [Prediction], _ window: SeriesWindow
  ) -> [Double] {
    let known = bundle.description.tasks[task]
    let probabilities = bundle.probabilities(task: task, answers[0].logits)
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    result.probabilities = probabilities
    result.fault = known.labels[best]
    result.description = bundle.description.descriptions[task][best].first
    result.probability = Double(probabilities[best])
    result.entropy = Double(Evidence.entropy(probabilities, exclusive: known.exclusive))
    let quality = judge(&result, task, answers[0], window)
    // A machine that behaves as never before with a fault in plain sight must not be passed over: of windows that are
    // not trusted, those with sound readings and a probable fault still alarm, and the doubt is told beside it.
    let isPlain = !quality.isBroken && Double(probabilities[best]) >= FaultPipeline.plain
    let isHeard = !result.needsCheck || isPlain
    let threshold = bundle.description.calibrations[task].presentFrom[best]
    result.alarm = !normal[best] && Double(probabilities[best]) >= threshold && isHeard
    return Occlusion.shares(
      whole: answers[0].logits, without: answers[1...].map(\.logits), label: best, exclusive: known.exclusive)
  }

  /// Asks the selector whether the window can be trusted; returns the measures of its readings.
  @discardableResult
  private func judge(
    _ result: inout FaultPrediction, _ task: Int, _ prediction: Prediction, _ window: SeriesWindow
  ) -> Quality {
    let sample = Sample(
      id: "", group: nil, input: .series(window), task: task, labels: nil, target: nil, texts: [],
      inputKey: "")
    let candidate = Candidate(
      kind: SampleInput.Kind.series.rawValue, task: bundle.description.tasks[task].name, head: .fault,
      evidence: bundle.evidence(sample, prediction), cost: FaultPipeline.cost)
    let choice = bundle.selector.choose([candidate])[0]
    // Heads may be right far from what they know; nobody can say so, however sure they are.
    let evidence = choice.evidence
    if !choice.used || evidence.strangeness >= FaultPipeline.farthest || !evidence.quality.complaints.isEmpty
    {
      result.reasons += choice.reasons
    }
    return choice.evidence.quality
  }

  func restored(_ prediction: Prediction, _ task: Int) -> Double? {
    guard let value = prediction.value, let scale = bundle.description.tasks[task].target else { return nil }
    return Double(scale.restored(value))
  }
}
