import Alignment
import Foundation
import Training

/// Turns the logits of one task into probabilities that mean what they say, and probabilities into states.
public struct TaskCalibration: Sendable, Codable, Hashable {
  /// For exclusive labels: divides the logits (Guo et al. 2017).
  public var temperature: Double?
  /// For labels of their own: what multiplies the logit of each (Platt 1999).
  public var slopes: [Double]?
  /// What is then added to the logit of each; nil with `slopes`.
  public var offsets: [Double]?
  /// For each label the probability below which it is absent.
  public var absentBelow: [Double]
  /// For each label the probability from which on it is present; between the two it is uncertain.
  public var presentFrom: [Double]
  /// What the thresholds of each label reach on those rows; nil in bundles that do not tell.
  public var rates: [StateRates]?
  /// Around the task's number; nil without numbers, with too few validation rows, and in bundles that do not tell.
  public var interval: ConformalInterval?
  /// Validation rows that it was fitted on; 0 for none, then nothing is changed.
  public var rows: Int

  /// Nothing known: plain probabilities, and states at 0.3 and 0.7.
  public init(labels: Int) {
    absentBelow = [Double](repeating: 0.3, count: labels)
    presentFrom = [Double](repeating: 0.7, count: labels)
    rows = 0
  }

  /// Fits to validation rows.
  /// - Parameters:
  ///   - logits: one array a row.
  ///   - truth: shares of each label, one array a row.
  public init(_ task: LabelTask, logits: [[Float]], truth: [[Float]]) {
    self.init(labels: task.labels.count)
    guard logits.count >= 8, !task.labels.isEmpty else { return }
    self.rows = logits.count
    if task.exclusive {
      let wanted = truth.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
      temperature =
        TemperatureScaling.fit(
          logits: logits.flatMap { $0 }, classes: task.labels.count, truth: wanted
        ).temperature
    } else {
      let fits = task.labels.indices.map { label in
        PlattScaling.fit(logits: logits.map { $0[label] }, positive: truth.map { $0[label] > 0.5 })
      }
      (slopes, offsets) = (fits.map(\.slope), fits.map(\.offset))
    }
    let rows = logits.map { probabilities(task, $0) }
    rates = task.labels.indices.map { label in
      let shares = rows.map { $0[label] }, positive = truth.map { $0[label] > 0.5 }
      if let fitted = ThreeStateThresholds.fit(
        shares, positive: positive, sensitivity: StateRates.wanted, specificity: StateRates.wanted)
      {
        let prevalence = Double(positive.count { $0 }) / Double(positive.count)
        let thresholds = fitted.bounded(prevalence: prevalence)
        (absentBelow[label], presentFrom[label]) = (thresholds.absentBelow, thresholds.presentFrom)
      }
      return StateRates(
        shares, positive: positive,
        thresholds: ThreeStateThresholds(
          absentBelow: absentBelow[label], presentFrom: presentFrom[label]))
    }
  }

  /// What is said of a label with this probability.
  public func state(_ probability: Float, label: Int) -> ThreeStateThresholds.State {
    guard absentBelow.indices.contains(label), absentBelow[label] <= presentFrom[label] else {
      return .uncertain
    }
    // A bundle may hold lower thresholds than suspicion asks for.
    let low = max(absentBelow[label], ThreeStateThresholds.leastSuspicion)
    return ThreeStateThresholds(absentBelow: min(low, presentFrom[label]), presentFrom: presentFrom[label])
      .state(Double(probability))
  }

  /// Probabilities of the labels of one input.
  public func probabilities(_ task: LabelTask, _ logits: [Float]) -> [Float] {
    if let temperature { return Evaluator.plain(task, logits.map { $0 / Float(temperature) }) }
    guard let slopes, let offsets else { return Evaluator.plain(task, logits) }
    return logits.indices.map { label in
      1 / (1 + expf(-Float(slopes[label]) * logits[label] - Float(offsets[label])))
    }
  }
}
