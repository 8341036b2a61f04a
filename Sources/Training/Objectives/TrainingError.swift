/// Why a training stopped: place, reason, remedy.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  /// Which file, row or parameter.
  public var place: String
  /// What is wrong and why, one sentence.
  public var reason: String
  /// What to do about it, one sentence.
  public var remedy: String

  /// - Parameter place: which file, row or parameter.
  public init(place: String, reason: String, remedy: String) {
    (self.place, self.reason, self.remedy) = (place, reason, remedy)
  }

  /// Place, reason and remedy in one line.
  public var description: String { "\(place): \(reason) \(remedy)" }
}
