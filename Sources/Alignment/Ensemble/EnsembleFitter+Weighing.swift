import Encoders
import Foundation
import Training

extension EnsembleFitter {
  /// Gives every voice its weight by what it says of validation rows.
  ///
  /// Of labels: who is behind the best by more than two standard errors of the difference (McNemar 1947) is left out,
  /// since the best of several is best by luck too, or one error for vibration, where all but the envelope may be chance;
  /// the others keep their weights, as few rows cannot rank them. Of
  /// numbers: the shares with the least square error.
  /// - Parameters:
  ///   - predictions: of the network alone, one a sample.
  ///   - areApart: whether the rows come from other recordings than the train rows. Later windows of the same recordings
  ///     are known again by whoever learned by heart, so they rank nobody: all keep their weights.
  public func weigh(
    _ ensemble: SeriesEnsemble, _ samples: [Sample], network predictions: [Prediction], areApart: Bool = true,
    on team: ReplicaTeam
  ) throws -> SeriesEnsemble {
    var weighed = ensemble
    for (key, part) in ensemble.parts {
      let rows = samples.indices.filter { index in
        guard case .series(let window) = samples[index].input else { return false }
        return samples[index].task == key.task && window.set == key.set
          && isAnswered(samples[index], key.question)
      }
      guard !rows.isEmpty else { continue }
      let configuration = configuration
      // Only the greatest answer counts, so logits and probabilities stand side by side.
      let voices = try team.map(rows.count) { place -> [[Float]] in
        guard case .series(let window) = samples[rows[place]].input else { return [] }
        let network = predictions[rows[place]]
        return [key.question == .labels ? network.logits : [network.value ?? 0]]
          + ensemble.members(window, key, configuration: configuration)
      }
      var found = part
      let truth = rows.map { samples[$0] }
      switch key.question {
      case .labels:
        leaveOut(&found, voices, truth, margin: part.record.expansion.hasEnvelope ? 1 : 2)
      case .number: share(&found, voices, truth, tasks[key.task])
      }
      if !areApart {
        for voice in found.record.voices.indices {
          found.record.voices[voice].weight = part.record.voices[voice].weight
        }
      }
      let weights = found
      found.members = found.members.filter { weights.weight($0.kind) > 0 }
      weighed.parts[key] = found
    }
    return weighed
  }

  private func isAnswered(_ sample: Sample, _ question: SeriesEnsemble.Question) -> Bool {
    question == .labels ? sample.labels != nil : sample.target != nil
  }

  private func leaveOut(
    _ part: inout SeriesEnsemble.Part, _ voices: [[[Float]]], _ truth: [Sample], margin: Double
  ) {
    let count = Double(truth.count)
    let right = part.record.voices.indices.map { voice in
      zip(voices, truth).map { said, sample -> Bool in
        let labels = sample.labels ?? [], answers = said[voice]
        let best = answers.indices.max { answers[$0] < answers[$1] } ?? 0
        return labels.indices.contains(best) && labels[best] > 0.5
      }
    }
    let hits = right.map { $0.count { $0 } }
    let best = hits.indices.max { hits[$0] < hits[$1] } ?? 0
    for voice in part.record.voices.indices {
      part.record.voices[voice].validation = Double(hits[voice]) / count
      // Rows on which the two differ; one more, so that a handful of rows is never certain.
      let apart = zip(right[voice], right[best]).count { $0 != $1 } + 1
      if Double(hits[best] - hits[voice]) > Double(apart).squareRoot() * margin {
        part.record.voices[voice].weight = 0
      }
    }
  }

  private func share(
    _ part: inout SeriesEnsemble.Part, _ voices: [[[Float]]], _ truth: [Sample], _ task: LabelTask
  ) {
    guard let scale = task.target, part.record.voices.count == 2 else { return }
    let wanted = truth.map { (($0.target ?? 0) - scale.mean) / scale.deviation }
    func error(_ weight: Float) -> Double {
      let squares = zip(voices, wanted).map { said, wanted -> Double in
        let value = said[0][0] * (1 - weight) + said[1][0] * weight
        return Double((value - wanted) * (value - wanted))
      }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot() * Double(scale.deviation)
    }
    let weights = (0...20).map { Float($0) / 20 }
    let best = weights.min { error($0) < error($1) } ?? 0.5
    part.record.voices[0].weight = 1 - best
    part.record.voices[1].weight = best
    part.record.voices[0].validation = error(0)
    part.record.voices[1].validation = error(1)
  }
}
