/// Why normal operation could not be learned: reason and remedy.
public struct DetectionError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and why, in sentences.
  public var reason: String
  /// What to do about it, in sentences.
  public var remedy: String

  /// Both are sentences for the user.
  public init(reason: String, remedy: String) { (self.reason, self.remedy) = (reason, remedy) }

  /// Reason and remedy in one line.
  public var description: String { "\(reason) \(remedy)" }
}
