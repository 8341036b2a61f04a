import Foundation
import Training

extension EnsembleFitter {
  /// Validation rows that speak independently: rows of a group are one witness together, others one each.
  struct Witnesses {
    /// The witness of each row.
    var places: [Int] = []
    /// What each row counts.
    var weights: [Float] = []
    var count = 0

    init(_ rows: [Sample]) {
      var known: [String: Int] = [:], sizes: [Float] = []
      for row in rows {
        let place = row.group.flatMap { known[$0] } ?? sizes.count
        if place == sizes.count { sizes.append(0) }
        if let group = row.group { known[group] = place }
        sizes[place] += 1
        places.append(place)
      }
      weights = places.map { 1 / sizes[$0] }
      count = sizes.count
    }
  }

  /// Makes who is too sure less sure, silences who tells nothing, and shares out the weights.
  func pool(_ part: inout SeriesEnsemble.Part, _ voices: [[[Float]]], _ truth: [Sample]) {
    let classes = truth.first?.labels?.count ?? 0
    let right = truth.map { sample -> Int in
      let labels = sample.labels ?? []
      return labels.indices.max { labels[$0] < labels[$1] } ?? 0
    }
    var likelihoods = truth.map { _ in [Float]() }
    var silent: Set<Int> = []
    for voice in part.record.voices.indices {
      let logits = voices.map { voice == 0 ? $0[voice] : SeriesEnsemble.logarithms($0[voice]) }
      let fitted = TemperatureScaling.fit(logits: logits.flatMap { $0 }, classes: classes, truth: right)
      // One that is never wrong here is not to be surer elsewhere.
      let temperature = max(1, fitted.temperature)
      part.record.voices[voice].temperature = temperature
      // What it says tells nothing of these rows.
      if temperature >= TemperatureScaling.bounds.upperBound { silent.insert(voice) }
      for row in truth.indices {
        let shares = SeriesEnsemble.probabilities(logits[row], temperature: temperature)
        likelihoods[row].append(shares[right[row]])
      }
    }
    let heard = part.record.voices.indices.filter { part.record.voices[$0].weight > 0 }
    if !silent.isSuperset(of: heard) {
      for voice in silent { part.record.voices[voice].weight = 0 }
    }
    let shares = OpinionPool.shares(
      prior: part.record.voices.map(\.weight), strength: Self.priorWitnesses, likelihoods: likelihoods,
      weights: Witnesses(truth).weights)
    for voice in shares.indices {
      part.record.voices[voice].weight = shares[voice] < Self.leastShare ? 0 : shares[voice]
    }
  }
}
