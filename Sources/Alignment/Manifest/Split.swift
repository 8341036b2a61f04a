/// Which part of a data set a row belongs to.
public enum Split: String, Sendable, Codable, CaseIterable {
  case train, val, test
}
