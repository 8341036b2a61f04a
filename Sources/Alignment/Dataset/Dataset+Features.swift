import Encoders
import Training

extension Dataset {
  /// Measures mean, deviation and range of every task's targets in the train part.
  mutating func measureTargets() {
    for task in tasks.indices where tasks[task].target != nil {
      let values = train.filter { $0.task == task }.compactMap(\.target)
      guard !values.isEmpty else { continue }
      let mean = values.reduce(0, +) / Float(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
      tasks[task].target = .init(
        mean: mean, deviation: max(variance.squareRoot(), 1e-6), low: values.min() ?? mean,
        high: values.max() ?? mean)
    }
  }

  /// Measures the channel sets' features on the train windows and computes those of all windows.
  /// - Parameters:
  ///   - series: takes the measured sets.
  ///   - seed: of the windows from which thresholds of convolutions are drawn.
  public mutating func measureFeatures(
    _ series: inout SeriesConfiguration, seed: UInt64, on team: ReplicaTeam
  ) throws {
    let windows = channelSets.indices.map { set in train.compactMap(\.window).filter { $0.set == set } }
    // Every so many windows are enough for thresholds, means and deviations.
    let steps = windows.map { max(1, $0.count / 4000) }
    for set in channelSets.indices {
      let some = stride(from: 0, to: windows[set].count, by: steps[set]).map { windows[set][$0] }
      channelSets[set] = SeriesFeatures.begin(
        some, set: channelSets[set], configuration: series, seed: seed)
    }
    series.sets = channelSets
    // Without statistics features come as they are; standardised afterwards, each is computed only once.
    try computeFeatures(series, on: team)
    for set in channelSets.indices {
      let rows = train.compactMap(\.window).filter { $0.set == set }.compactMap(\.features)
      channelSets[set] = SeriesFeatures.measure(
        stride(from: 0, to: rows.count, by: steps[set]).map { rows[$0] }, set: channelSets[set],
        configuration: series)
    }
    series.sets = channelSets
    train = try Dataset.standardised(train, series, on: team)
    validation = try Dataset.standardised(validation, series, on: team)
    test = try Dataset.standardised(test, series, on: team)
  }

  private static func standardised(
    _ samples: [Sample], _ series: SeriesConfiguration, on team: ReplicaTeam
  ) throws -> [Sample] {
    try team.map(samples.count) { index in
      var sample = samples[index]
      if case .series(var window) = sample.input, var features = window.features {
        SeriesFeatures.standardise(&features, set: series.sets[window.set], configuration: series)
        window.features = features
        sample.input = .series(window)
      }
      return sample
    }
  }

  /// Computes the features of all windows once, for the encoder to read.
  mutating func computeFeatures(_ series: SeriesConfiguration, on team: ReplicaTeam) throws {
    train = try Dataset.withFeatures(train, series, on: team)
    validation = try Dataset.withFeatures(validation, series, on: team)
    test = try Dataset.withFeatures(test, series, on: team)
  }

  private static func withFeatures(
    _ samples: [Sample], _ series: SeriesConfiguration, on team: ReplicaTeam
  ) throws -> [Sample] {
    try team.map(samples.count) { index in
      var sample = samples[index]
      if case .series(var window) = sample.input {
        window.features = SeriesFeatures.compute(window, set: series.sets[window.set], configuration: series)
        sample.input = .series(window)
      }
      return sample
    }
  }
}
