import Alignment
import Encoders
import Faults
import Selector

/// Decides what the answer to a window means: the fault's name, whether it alarms, whether a person should look.
struct FaultJudge: Sendable {
  let bundle: ModelBundle
  /// Index of the task that answers.
  let task: Int
  private let normal: [Bool]

  /// Relative cost of a window for the selector; a still picture costs 1.
  private static let cost: Float = 0.1
  /// From this probability on a fault alarms even where the selector does not trust the window.
  private static let plain = 0.9
  /// Windows this many times as strange as usual are for a person too.
  private static let farthest: Float = 4
  /// Train windows that are told as the nearest.
  private static let neighbours = 3

  init(_ bundle: ModelBundle, task: Int) {
    (self.bundle, self.task) = (bundle, task)
    normal = bundle.description.tasks[task].labels.map(NormalLabel.isNormal)
  }

  /// Puts fault, probability and alarm into `result`; returns the index of the label.
  func name(_ result: inout FaultPrediction, _ prediction: Prediction, _ window: SeriesWindow) -> Int {
    let known = bundle.description.tasks[task]
    let probabilities = bundle.probabilities(task: task, prediction.logits)
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    result.probabilities = probabilities
    result.fault = known.labels[best]
    result.description = bundle.description.descriptions[task][best].first
    result.probability = Double(probabilities[best])
    result.entropy = Double(Evidence.entropy(probabilities, exclusive: known.exclusive))
    result.nearest =
      (bundle.familiarity[.init(task: task, kind: .series)]?.nearest(
        prediction.embedding, FaultJudge.neighbours) ?? []).map {
        .init(id: $0.id, distance: Double($0.distance))
      }
    let quality = judge(&result, prediction, window)
    // A machine that behaves as never before with a fault in plain sight must not be passed over: of windows that are
    // not trusted, those with sound readings and a probable fault still alarm, and the doubt is told beside it.
    let isPlain = !quality.isBroken && Double(probabilities[best]) >= FaultJudge.plain
    let isHeard = !result.needsCheck || isPlain
    let threshold = bundle.description.calibrations[task].presentFrom[best]
    result.alarm = !normal[best] && Double(probabilities[best]) >= threshold && isHeard
    return best
  }

  /// Asks the selector whether the window can be trusted; returns the measures of its readings.
  @discardableResult
  func judge(_ result: inout FaultPrediction, _ prediction: Prediction, _ window: SeriesWindow) -> Quality {
    let sample = Sample(
      id: "", group: nil, input: .series(window), task: task, labels: nil, target: nil, texts: [],
      inputKey: "")
    let candidate = Candidate(
      kind: SampleInput.Kind.series.rawValue, task: bundle.description.tasks[task].name, head: .fault,
      evidence: bundle.evidence(sample, prediction), cost: FaultJudge.cost)
    let choice = bundle.selector.choose([candidate])[0]
    // Heads may be right far from what they know; nobody can say so, however sure they are.
    let evidence = choice.evidence
    if !choice.used || evidence.strangeness >= FaultJudge.farthest || !evidence.quality.complaints.isEmpty {
      result.reasons += choice.reasons
    }
    return choice.evidence.quality
  }
}
