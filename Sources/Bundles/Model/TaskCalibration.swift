import Alignment
import Foundation
import Training

/// Turns the logits of one task into probabilities that mean what they say, and probabilities into states.
public struct TaskCalibration: Sendable, Codable, Hashable {
  /// For exclusive labels: divides the logits (Guo et al. 2017).
  public var temperature: Double?
  /// For labels of their own: slope and offset of each (Platt 1999).
  public var slopes: [Double]?
  public var offsets: [Double]?
  /// For each label: below the first absent, from the second on present, between uncertain.
  public var absentBelow: [Double]
  public var presentFrom: [Double]
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
    rows = logits.count
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
    let shares = logits.map { probabilities(task, $0) }
    for label in task.labels.indices {
      guard
        let fitted = ThreeStateThresholds.fit(
          shares.map { $0[label] }, positive: truth.map { $0[label] > 0.5 })
      else { continue }
      // Never call absent what is likely, or present what is unlikely, however well the rows part.
      absentBelow[label] = min(fitted.absentBelow, 0.5)
      presentFrom[label] = max(fitted.presentFrom, 0.5)
    }
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
