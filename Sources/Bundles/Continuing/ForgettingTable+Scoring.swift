import Alignment
import Foundation
import Training

extension ForgettingTable {
  /// Rows with what two bundles said of them.
  struct Part {
    var samples: [Sample]
    /// In the order of the old task's labels.
    var before: [ReplayBuffer.Answer]
    /// In the order of the new task's labels.
    var after: [Prediction]
  }

  /// - Parameters:
  ///   - old: rows of what was learned before, with shares of the new bundle's labels.
  ///   - new: rows of the new manifest.
  init(_ old: Part, _ new: Part, from bundle: ModelBundle, to continued: ModelBundle) {
    (labels, numbers) = ([], [])
    for (task, now) in continued.description.tasks.enumerated() {
      let known = bundle.description.tasks[task].labels
      let counts = [old, new].map { part in
        (
          before: Self.counts(part, task, known.count) { row in
            bundle.told(task, part.before[row].logits)
          },
          after: Self.counts(part, task, now.labels.count) { row in
            continued.told(task, part.after[row].logits)
          }
        )
      }
      for (place, label) in now.labels.enumerated() {
        let figures = counts.map {
          Self.figures(before: known.indices.contains(place) ? $0.before[place] : nil, $0.after[place])
        }
        guard figures[0] != nil || figures[1] != nil || known.indices.contains(place) else { continue }
        labels.append(
          Label(
            task: now.name, label: label, isNew: !known.indices.contains(place), old: figures[0],
            new: figures[1]))
      }
      if let number = Self.number(old, task, bundle, continued) { numbers.append(number) }
    }
  }

  /// How often a label is there, is told, and both.
  private struct Counts {
    var there = 0, told = 0, both = 0
    var recall: Double { there == 0 ? 0 : Double(both) / Double(there) }
    var f1: Double { there + told == 0 ? 0 : 2 * Double(both) / Double(there + told) }
  }

  private static func counts(_ part: Part, _ task: Int, _ labels: Int, _ told: (Int) -> Set<Int>) -> [Counts]
  {
    var counts = [Counts](repeating: Counts(), count: labels)
    for (row, sample) in part.samples.enumerated() where sample.task == task {
      guard let shares = sample.labels else { continue }
      let told = told(row)
      for label in counts.indices {
        let isThere = shares[label] > 0.5, isTold = told.contains(label)
        counts[label].there += isThere ? 1 : 0
        counts[label].told += isTold ? 1 : 0
        counts[label].both += isThere && isTold ? 1 : 0
      }
    }
    return counts
  }

  private static func figures(before: Counts?, _ after: Counts) -> Figures? {
    guard after.there > 0 else { return nil }
    return Figures(
      rows: after.there, recallBefore: before?.recall, recallAfter: after.recall, f1Before: before?.f1,
      f1After: after.f1)
  }

  private static func number(
    _ part: Part, _ task: Int, _ old: ModelBundle, _ new: ModelBundle
  ) -> Number? {
    guard let then = old.description.tasks[task].target, let now = new.description.tasks[task].target else {
      return nil
    }
    let rows = part.samples.indices.filter {
      part.samples[$0].task == task && part.samples[$0].target != nil && part.before[$0].value != nil
        && part.after[$0].value != nil
    }
    let truth = rows.map { part.samples[$0].target ?? 0 }
    guard
      let before = Metrics.rmse(rows.map { then.restored(part.before[$0].value ?? 0) }, truth: truth),
      let after = Metrics.rmse(rows.map { now.restored(part.after[$0].value ?? 0) }, truth: truth)
    else { return nil }
    return Number(
      task: new.description.tasks[task].name, rows: rows.count, rmseBefore: before, rmseAfter: after)
  }
}

extension ModelBundle {
  /// Places of the labels that the bundle tells of an input: the likeliest, or all that are likelier than not.
  func told(_ task: Int, _ logits: [Float]) -> Set<Int> {
    let shares = probabilities(task: task, logits)
    guard description.tasks[task].exclusive else { return Set(shares.indices.filter { shares[$0] >= 0.5 }) }
    return Set([shares.indices.max { shares[$0] < shares[$1] }].compactMap { $0 })
  }
}
