import Alignment
import Foundation
import Reports
import Selector
import Training

/// What the inputs of one task say together.
struct Pooling: Sendable {
  var task: Int
  /// Places of the inputs in the study, with their weights, which add up to 1.
  var members: [(part: Int, weight: Float)]
  /// Calibrated, in the order of the task's labels.
  var probabilities: [Float]
  var states: [ThreeStateThresholds.State]
  /// Entropy over its maximum.
  var uncertainty: Float
  /// Labels on which single inputs say present and absent.
  var disputed: [Int]

  /// Weighted means of logits: a product of experts, in which an input that is sure outweighs one that is not.
  init(task: Int, members: [(part: Int, weight: Float)], logits: [[Float]], bundle: ModelBundle) {
    self.task = task
    let total = members.reduce(Float(0)) { $0 + $1.weight }
    let shares = members.map { total > 0 ? $0.weight / total : 1 / Float(max(1, members.count)) }
    self.members = zip(members, shares).map { (part: $0.part, weight: $1) }
    let label = bundle.description.tasks[task], calibration = bundle.description.calibrations[task]
    var mean = [Float](repeating: 0, count: label.labels.count)
    for (row, share) in zip(logits, shares) where row.count == mean.count {
      for place in mean.indices { mean[place] += share * row[place] }
    }
    probabilities = mean.isEmpty ? [] : bundle.probabilities(task: task, mean)
    states = probabilities.enumerated().map { calibration.state($0.element, label: $0.offset) }
    uncertainty = Evidence.entropy(probabilities, exclusive: label.exclusive)
    let each = logits.map { $0.isEmpty ? [] : bundle.probabilities(task: task, $0) }
    disputed = label.labels.indices.filter { place in
      let said = Set(each.compactMap { $0.count > place ? calibration.state($0[place], label: place) : nil })
      return said.contains(.present) && said.contains(.absent)
    }
  }
}

extension TaskCalibration {
  /// Below this probability a finding is absent, whatever the thresholds: a head that misses much keeps its
  /// sensitivity only by calling nearly everything uncertain, and a report that doubts all findings tells nothing.
  private static let negligible: Float = 0.1

  /// What is said of a label with this probability.
  func state(_ probability: Float, label: Int) -> ThreeStateThresholds.State {
    if probability < TaskCalibration.negligible { return .absent }
    guard absentBelow.indices.contains(label), absentBelow[label] <= presentFrom[label] else {
      return .uncertain
    }
    return ThreeStateThresholds(absentBelow: absentBelow[label], presentFrom: presentFrom[label])
      .state(Double(probability))
  }
}
