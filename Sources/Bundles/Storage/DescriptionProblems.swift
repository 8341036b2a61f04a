import Alignment
import Encoders

extension BundleDescription {
  /// What does not fit together, in words; empty for a sound description. Found before weights are made or read,
  /// so that a damaged file stops nothing later on.
  var problems: [String] {
    var found = (vision?.problems ?? []) + (series?.problems ?? []) + (text?.problems ?? [])
    func ask(_ fits: Bool, _ words: String) { if !fits { found.append(words) } }
    ask((1...8192).contains(embedding), "embedding is \(embedding)")
    ask(kinds.count == tasks.count, "\(kinds.count) kinds for \(tasks.count) tasks")
    ask(descriptions.count == tasks.count, "descriptions of \(descriptions.count) tasks for \(tasks.count)")
    ask(calibrations.count == tasks.count, "\(calibrations.count) calibrations for \(tasks.count) tasks")
    guard found.isEmpty else { return found }
    for (index, task) in tasks.enumerated() {
      let labels = task.labels.count, calibration = calibrations[index]
      ask(descriptions[index].count == labels, "the descriptions of \(task.name) do not fit its labels")
      let sizes = [
        calibration.absentBelow.count, calibration.presentFrom.count, calibration.slopes?.count ?? labels,
        calibration.offsets?.count ?? labels, calibration.rates?.count ?? labels,
      ]
      ask(sizes.allSatisfy { $0 == labels }, "the calibration of \(task.name) does not fit its labels")
      ask(calibration.interval?.isSound ?? true, "the interval of \(task.name) does not fit its ranges")
    }
    for record in familiarity {
      ask(tasks.indices.contains(record.task), "prototypes are of task \(record.task) of \(tasks.count)")
    }
    for set in series?.sets ?? [] {
      ask(fits(set), "the statistics of a channel set do not fit its channels")
    }
    if let decoder {
      ask(
        (1...1_000_000).contains(decoder.vocabulary) && (2...8192).contains(decoder.length)
          && (1...8192).contains(decoder.width) && (0...128).contains(decoder.depth),
        "the decoder's shape cannot be built")
    }
    return found
  }

  private func fits(_ set: ChannelSet) -> Bool {
    let features = series.map { set.channels.count * SeriesFeatures.count($0) } ?? 0
    return !set.channels.isEmpty && set.statistics.count == set.channels.count
      && set.featureMeans.count == set.featureDeviations.count
      && (set.featureMeans.isEmpty || set.featureMeans.count == features)
  }
}
