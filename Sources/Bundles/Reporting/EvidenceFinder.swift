import Alignment
import Encoders
import Foundation
import Reports

/// Which findings of an answer are shown in a picture, and where.
struct EvidenceFinder: Sendable {
  var bundle: ModelBundle

  /// The findings of a pool that have a place to show, present ones first, each with the most probable first.
  ///
  /// A finding that is told with its side shows where that side does; where only the side is in doubt, the finding
  /// itself is shown.
  /// - Returns: places of the labels that are looked for, and for each the label on any side that shows with it.
  func labels(_ pool: Pooling) -> (wanted: [Int], wholes: [Int: Int]) {
    let task = bundle.description.tasks[pool.task], wholes = Pooling.wholes(task.labels)
    let shown = task.labels.indices.filter {
      pool.states[$0] != .absent && !Consistency.namesHealthy(task.labels[$0])
        && !Consistency.namesUnusable(task.labels[$0])
    }
    let wanted = shown.filter { place in
      guard pool.states[place] == .present || pool.probabilities[place] >= StudyDrafter.shownFrom else {
        return false
      }
      if shown.contains(where: { wholes[$0] == place && pool.states[$0] == pool.states[place] }) {
        return false
      }
      return wholes[place].map { pool.states[$0] == pool.states[place] } ?? true
    }.sorted { rank($0, pool) < rank($1, pool) }
    return (wanted, wholes.filter { shown.contains($0.value) && !wanted.contains($0.value) })
  }

  private func rank(_ label: Int, _ pool: Pooling) -> (Int, Float) {
    (pool.states[label] == .present ? 0 : 1, -pool.probabilities[label])
  }

  /// Regions of each label, strongest first; none for recordings of sensors.
  /// - Parameter together: the views that the input was encoded together with, and its place among them.
  func regions(
    _ input: SampleInput, task: Int, labels: [Int], together: (views: [Picture], place: Int)? = nil
  ) -> [[Occlusion.Region]] {
    switch input {
    case .image(let picture):
      Occlusion().regions([picture], score: odds(input, task: task, labels: labels, together: together))
    case .clip(let frames):
      // Covers side by side: a clip costs as much as all of its frames.
      Occlusion(steps: 1).regions(frames, score: odds(input, task: task, labels: labels))
    case .views, .series: labels.map { _ in [] }
    }
  }

  /// Log odds of each label for variants of an input's frames.
  func odds(
    _ input: SampleInput, task: Int, labels: [Int], together: (views: [Picture], place: Int)? = nil
  ) -> ([[Picture]]) -> [[Float]] {
    let predictor = bundle.predictor, exclusive = bundle.description.tasks[task].exclusive
    let isClip = input.kind == .clip
    func shown(_ frames: [Picture]) -> SampleInput {
      guard let together else { return isClip ? .clip(frames) : .image(frames[0]) }
      var views = together.views
      views[together.place] = frames[0]
      return .views(views)
    }
    return { variants in
      predictor.predict(variants.map(shown), task: task).map { said in
        labels.map { label in
          guard exclusive else { return said.logits[label] }
          // Of exclusive labels only differences mean something.
          let others = said.logits.indices.filter { $0 != label }.map { said.logits[$0] }
          let top = others.max() ?? 0
          return said.logits[label] - top - logf(others.reduce(0) { $0 + expf($1 - top) })
        }
      }
    }
  }
}
