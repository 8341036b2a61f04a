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
  /// Of the inputs that were encoded together, where some were.
  var together: JointViews.Answer?

  /// Weighted means of logits: a product of experts, in which an input that is sure outweighs one that is not.
  /// - Parameters:
  ///   - logits: of each member by itself.
  ///   - together: what stands for the logits of the members that were encoded together.
  init(
    task: Int, members: [(part: Int, weight: Float)], logits: [[Float]], together: JointViews.Answer? = nil,
    bundle: ModelBundle
  ) {
    (self.task, self.together) = (task, together)
    let total = members.reduce(Float(0)) { $0 + $1.weight }
    let shares = members.map { total > 0 ? $0.weight / total : 1 / Float(max(1, members.count)) }
    self.members = zip(members, shares).map { (part: $0.part, weight: $1) }
    let label = bundle.description.tasks[task], calibration = bundle.description.calibrations[task]
    var mean = [Float](repeating: 0, count: label.labels.count)
    let spokenFor = zip(members, logits).map { member, own in
      together.flatMap { $0.parts.contains(member.part) ? $0.logits : nil } ?? own
    }
    for (row, share) in zip(spokenFor, shares) where row.count == mean.count {
      for place in mean.indices { mean[place] += share * row[place] }
    }
    var likely = mean.isEmpty ? [] : bundle.probabilities(task: task, mean)
    let whole = label.exclusive ? [:] : Pooling.wholes(label.labels)
    // A side is no more probable than the finding on any side, which more rows have taught.
    for (side, any) in whole where likely[side] > likely[any] { likely[side] = likely[any] }
    var spoken = likely.enumerated().map { calibration.state($0.element, label: $0.offset) }
    for (side, any) in whole where Pooling.rank(spoken[side]) > Pooling.rank(spoken[any]) {
      spoken[side] = spoken[any]
    }
    // Of answers that rule each other out, none is ruled out while none is called: the share of each stands open.
    if label.exclusive, !spoken.contains(.present) {
      for place in spoken.indices where Double(likely[place]) >= ThreeStateThresholds.leastSuspicion {
        spoken[place] = .uncertain
      }
    }
    // Where a finding is present, an improbable "normal" is no open question.
    if label.labels.indices.contains(where: {
      spoken[$0] == .present && !Consistency.namesHealthy(label.labels[$0])
    }) {
      for place in spoken.indices
      where spoken[place] == .uncertain && likely[place] < 0.5 && Consistency.namesNormal(label.labels[place])
      {
        spoken[place] = .absent
      }
    }
    (probabilities, states) = (likely, spoken)
    uncertainty = Evidence.entropy(probabilities, exclusive: label.exclusive)
    let each = logits.map { $0.isEmpty ? [] : bundle.probabilities(task: task, $0) }
    disputed = label.labels.indices.filter { place in
      let said = Set(each.compactMap { $0.count > place ? calibration.state($0[place], label: place) : nil })
      return said.contains(.present) && said.contains(.absent)
    }
  }

  /// For each label of one side the label of the same finding on any side: "opacity" for "right opacity".
  static func wholes(_ labels: [String]) -> [Int: Int] {
    var found: [Int: Int] = [:]
    for (place, label) in labels.enumerated() {
      for side in ["left", "right", "bilateral"] {
        guard
          let rest = [" ", "_"].lazy.compactMap({ mark -> Substring? in
            label.lowercased().hasPrefix(side + mark) ? label.dropFirst(side.count + 1) : nil
          }).first,
          let whole = labels.firstIndex(where: { $0.caseInsensitiveCompare(String(rest)) == .orderedSame })
        else { continue }
        found[place] = whole
      }
    }
    return found
  }

  private static func rank(_ state: ThreeStateThresholds.State) -> Int {
    switch state {
    case .absent: 0
    case .uncertain: 1
    case .present: 2
    }
  }
}
