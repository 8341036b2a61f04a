import Encoders
import Faults
import Foundation
import Training

/// From windows of a recording to what a detector of normal operation says of their latest rows.
struct DetectorPipeline: WindowAnswering {
  let detector: NormalDetector
  let channelSet: ChannelSet
  let identity: String

  static let normal = "normal", unlike = "unlike normal"

  let labels = [normal, unlike]
  let labelDescriptions: [String?] = [
    "As in the normal period.", "Readings lie further from the normal period than it ever explains.",
  ]

  init(_ detector: NormalDetector) throws {
    self.detector = detector
    identity = try DetectorFile.digest(detector)
    channelSet = DetectorPipeline.channelSet(detector)
  }

  static func channelSet(_ detector: NormalDetector) -> ChannelSet {
    var statistics = detector.channels.map { _ in
      ChannelSet.Statistics(mean: 0, deviation: 1, low: 0, high: 0)
    }
    for (place, channel) in detector.watched.enumerated() {
      let (mean, deviation) = (Float(detector.model.means[place]), Float(detector.model.deviations[place]))
      statistics[channel] = .init(
        mean: mean, deviation: deviation, low: mean - deviation, high: mean + deviation)
    }
    return ChannelSet(channels: detector.channels, statistics: statistics, rows: detector.window, stride: 1)
  }

  var tracker: LevelTracker? { detector.tracker.isNeeded ? detector.tracker : nil }

  func predict(_ windows: [WindowCutter.Window], on team: ReplicaTeam) throws -> [FaultPrediction] {
    try team.map(windows.count) { predict(windows[$0]) }
  }

  private func predict(_ cut: WindowCutter.Window) -> FaultPrediction {
    var result = FaultPrediction(row: cut.lastRow, time: cut.time)
    result.refusedRows = cut.refusedRows
    result.levels = detector.channels.indices.map {
      SensorLevel(of: cut.values, channel: $0, channels: detector.channels.count)
    }
    guard let verdict = detector.judge(cut.values, levels: cut.levels) else {
      result.reasons = ["More than half of the sensors gave no value in this row."]
      result.contributions = detector.channels.map { .init(sensor: $0.name, share: 0) }
      return result
    }
    result.alarm = verdict.isUnlike
    result.fault = verdict.isUnlike ? DetectorPipeline.unlike : DetectorPipeline.normal
    result.probability = verdict.isUnlike ? 1 - verdict.share : verdict.share
    // What events begin and end by: one half at the limit. The share would not do, half of all normal rows lie beyond
    // its middle.
    let danger = Float(verdict.score * verdict.score / (1 + verdict.score * verdict.score))
    result.probabilities = [1 - danger, danger]
    result.description = description(verdict)
    result.contributions = zip(detector.channels, verdict.contributions).map {
      .init(sensor: $0.name, share: $1)
    }
    return result
  }

  private func description(_ verdict: NormalDetector.Verdict) -> String {
    let rows = verdict.look.rows
    let what = verdict.look.statistic.title + (rows > 1 ? " of the mean of \(rows) rows" : " of this row")
    return "The \(what) is \(String(format: "%.3g", verdict.score)) of its limit."
  }
}
