import Alignment
import Decoders
import Foundation
import Reports
import Selector
import Training

/// Which inputs of a study speak for which tasks, what they say together, and whether anything is said at all.
struct Verdict: Sendable {
  let bundle: ModelBundle
  /// One a task that is reported, the most trusted first. Where the verdict abstains, what would have been said.
  let pools: [Pooling]
  /// Nothing is stated: all findings are uncertain.
  let abstains: Bool
  /// The head itself calls what it was given unusable.
  let calledUnusable: Bool
  /// No input was good enough to be used.
  let nothingUsable: Bool
  /// Used inputs that are unlike the training data although others are not.
  let strangers: [Int]
  /// Places of used inputs whose task is not reported because another is trusted more.
  let outvoted: [Int]

  init(parts: [StudyPart], choices: [Int: Choice], bundle: ModelBundle) {
    self.bundle = bundle
    let limit = StudyDrafter.strangenessLimit
    let used = parts.indices.filter { choices[$0]?.used == true }
    let familiar = used.filter { (choices[$0]?.evidence.strangeness ?? 4) <= limit }
    // Where most of a study is unlike the training data, the few inputs that are not are so by chance.
    let ordinary = 2 * familiar.count >= used.count ? familiar : []
    nothingUsable = used.isEmpty
    strangers = ordinary.isEmpty ? [] : used.filter { !ordinary.contains($0) }
    // With nothing to rely on, the inputs that come nearest show what was looked for.
    let speaking = !ordinary.isEmpty ? ordinary : !used.isEmpty ? used : choices.keys.sorted()
    let byTask = Dictionary(grouping: speaking) { parts[$0].routed?.sample.task ?? 0 }
    func trust(_ task: Int) -> Float { byTask[task]?.compactMap { choices[$0]?.trust }.max() ?? 0 }
    func heft(_ task: Int) -> Float { byTask[task]?.compactMap { choices[$0]?.weight }.reduce(0, +) ?? 0 }
    let order = byTask.keys.sorted { (trust($0), heft($0), -$0) > (trust($1), heft($1), -$1) }
    let reported = order.filter { trust($0) >= trust(order[0]) - StudyDrafter.comparableTrust }
    outvoted = speaking.filter { !reported.contains(parts[$0].routed?.sample.task ?? 0) }
    let pooled = reported.map { task in
      let members = (byTask[task] ?? []).map { (part: $0, weight: choices[$0]?.weight ?? 0) }
      return Pooling(
        task: task, members: members, logits: members.map { parts[$0.part].routed?.prediction.logits ?? [] },
        together: JointViews(bundle: bundle).answer(task, members, parts), bundle: bundle)
    }
    let labels = bundle.description.tasks
    let isUnusable =
      !ordinary.isEmpty
      && pooled.allSatisfy { pool in
        labels[pool.task].labels.indices.contains {
          Consistency.namesUnusable(labels[pool.task].labels[$0]) && pool.states[$0] == .present
        }
      }
    (pools, calledUnusable, abstains) = (pooled, isUnusable, ordinary.isEmpty || isUnusable)
  }

  /// Whether an input stands behind what is stated.
  func isUsed(_ part: Int) -> Bool { !abstains && weight(part) > 0 }

  /// Share of an input in its task's answer.
  func weight(_ part: Int) -> Float {
    pools.lazy.compactMap { $0.members.first { $0.part == part }?.weight }.first ?? 0
  }

  /// The findings of all reported tasks, a name of two tasks told apart by theirs.
  /// - Parameter evidence: by task and label.
  func findings(evidence: [Int: [Int: [ReportDocument.Evidence]]]) -> [ReportDocument.Finding] {
    let names = pools.flatMap { bundle.description.tasks[$0.task].labels }.filter {
      !Consistency.namesUnusable($0)
    }
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    return pools.flatMap { pool in
      let task = bundle.description.tasks[pool.task]
      let states = states(pool)
      // Whether a scan can be assessed is no finding of the patient; the reasons tell it.
      return task.labels.indices.filter { !Consistency.namesUnusable(task.labels[$0]) }.map { label in
        let name = task.labels[label]
        return ReportDocument.Finding(
          name: (counts[name] ?? 0) > 1 ? "\(name) (\(task.name))" : name,
          // Logits that are no numbers can state nothing.
          probability: pool.probabilities[label].isFinite
            ? Double(min(1, max(0, pool.probabilities[label]))) : 0.5,
          state: states[label], evidence: evidence[pool.task]?[label] ?? [])
      }
    }
  }

  /// States of a task's labels; "normal" is taken back where a finding is present.
  private func states(_ pool: Pooling) -> [ReportDocument.State] {
    let labels = bundle.description.tasks[pool.task].labels
    if abstains { return labels.map { _ in .uncertain } }
    let isFound = contradictsNormal(pool)
    return labels.indices.map { label in
      if isFound, Consistency.namesNormal(labels[label]) { return .uncertain }
      switch pool.states[label] {
      case .present: return .present
      case .absent: return .absent
      case .uncertain: return .uncertain
      }
    }
  }

  /// Whether "normal" and a finding are both called present.
  func contradictsNormal(_ pool: Pooling) -> Bool {
    let labels = bundle.description.tasks[pool.task].labels
    let present = labels.indices.filter { pool.states[$0] == .present }
    return present.contains { Consistency.namesNormal(labels[$0]) }
      && present.contains { !Consistency.namesHealthy(labels[$0]) }
  }
}
