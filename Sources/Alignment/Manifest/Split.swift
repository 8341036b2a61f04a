/// Which part of a data set a row belongs to.
public enum Split: String, Sendable, Codable, CaseIterable {
  /// To learn from; to choose weights and thresholds by; to score with what was chosen.
  case train, val, test
}
