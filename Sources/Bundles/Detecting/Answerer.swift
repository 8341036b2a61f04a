import Faults

/// Who answers in a `PredictJob`.
public enum Answerer: Sendable {
  /// A trained bundle.
  case bundle(ModelBundle)
  /// A detector that learned normal operation before.
  case detector(NormalDetector)
  /// A detector that learns from a period of the recording, which is then not judged.
  case normal(NormalPeriod, DetectorSettings)

  /// Names of the channels that it knows, one list a set; empty where it takes what comes.
  var channels: [[String]] {
    switch self {
    case .bundle(let bundle): (bundle.description.series?.sets ?? []).map { $0.channels.map(\.name) }
    case .detector(let detector): [detector.channels.map(\.name)]
    case .normal: []
    }
  }
}
