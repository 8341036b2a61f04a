import Encoders
import Foundation
import Training

extension EnsembleFitter {
  /// Gives every voice its weight by what it says of validation rows.
  ///
  /// Of labels: who is behind the best by more than two standard errors of the difference (McNemar 1947) is left out,
  /// since the best of several is best by luck too, and so is who tells nothing of these rows. Who is too sure is made
  /// less sure. The others get the shares that make the validation rows likeliest, which with few rows stay near those
  /// they had. Rows of a group are alike and count as one. Of numbers: the shares with the least square error.
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
      // The network's logits beside the members' probabilities.
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
        leaveOut(&found, voices, truth)
        pool(&found, voices, truth)
      case .number: share(&found, voices, truth, tasks[key.task])
      }
      if !areApart {
        for voice in found.record.voices.indices {
          let score = found.record.voices[voice].validation
          found.record.voices[voice] = part.record.voices[voice]
          found.record.voices[voice].validation = score
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
    _ part: inout SeriesEnsemble.Part, _ voices: [[[Float]]], _ truth: [Sample]
  ) {
    let right = part.record.voices.indices.map { voice in
      zip(voices, truth).map { said, sample -> Double in
        let labels = sample.labels ?? [], answers = said[voice]
        let best = answers.indices.max { answers[$0] < answers[$1] } ?? 0
        return labels.indices.contains(best) && labels[best] > 0.5 ? 1 : 0
      }
    }
    let witnesses = Witnesses(truth)
    let hits = right.map { row in zip(row, witnesses.weights).reduce(0) { $0 + $1.0 * Double($1.1) } }
    let best = hits.indices.max { hits[$0] < hits[$1] } ?? 0
    for voice in part.record.voices.indices {
      part.record.voices[voice].validation = right[voice].reduce(0, +) / Double(truth.count)
      // How far apart the two are for each witness; one more, so that a handful is never certain.
      var apart = [Double](repeating: 0, count: witnesses.count)
      for row in truth.indices {
        apart[witnesses.places[row]] +=
          Double(witnesses.weights[row]) * (right[best][row] - right[voice][row])
      }
      let error = apart.reduce(1) { $0 + $1 * $1 }.squareRoot()
      if hits[best] - hits[voice] > 2 * error { part.record.voices[voice].weight = 0 }
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
