import Training

/// Confidence intervals of an evaluation: the percentiles of its figures over draws of its rows with replacement.
struct IntervalScorer {
  var resamples: Int
  var level = 0.95

  /// - Parameters:
  ///   - samples: all that are scored; those of one group, or of one input where rows have no group, are drawn
  ///     together, in all tasks at once.
  ///   - tasks: by index into the evaluation's tasks.
  func fill(_ evaluation: inout Evaluation, _ samples: [Sample], _ tasks: [ResampledTask]) {
    var known: [String: Int] = [:]
    let units = samples.map { sample -> Int in
      let name = sample.group.map { "group \($0)" } ?? "input \(sample.inputKey)"
      let unit = known[name] ?? known.count
      known[name] = unit
      return unit
    }
    guard resamples > 0, known.count > 1, !tasks.isEmpty else { return }
    var draws = tasks.map { _ in [String: [Double]]() }
    var whole: [String: [Double]] = [:]
    Bootstrap.draws(units: units, resamples: resamples) { times in
      let figures = tasks.map { $0.figures(times) }
      for (task, found) in figures.enumerated() {
        for (name, value) in found { draws[task][name, default: []].append(value) }
      }
      for name in Set(figures.flatMap(\.keys)) {
        let values = figures.compactMap { $0[name] }
        whole[name, default: []].append(values.reduce(0, +) / Double(values.count))
      }
    }
    for task in tasks.indices { evaluation.tasks[task].intervals = intervals(draws[task]) }
    // The evaluation as a whole tells no balanced accuracy.
    whole["balancedAccuracy"] = nil
    evaluation.intervals = intervals(whole)
    evaluation.resampling = .init(
      resamples: resamples, level: level, units: known.count, isGrouped: known.count < samples.count)
  }

  private func intervals(_ draws: [String: [Double]]) -> Evaluation.Intervals {
    draws.compactMapValues { figures in
      Bootstrap.bounds(figures, level: level).map { [$0.lowerBound, $0.upperBound] }
    }
  }
}
