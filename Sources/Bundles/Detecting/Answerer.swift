import Faults

/// Who answers in a `PredictJob`.
public enum Answerer: Sendable {
  /// A trained bundle.
  case bundle(ModelBundle)
  /// A detector that learned normal operation before.
  case detector(NormalDetector)
  /// A detector that learns from a period of the recording, which is then not judged.
  case normal(NormalPeriod, DetectorSettings)
}
