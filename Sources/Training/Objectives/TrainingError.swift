/// Why a training stopped: place, reason, remedy.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  public var place: String
  public var reason: String
  public var remedy: String

  public init(place: String, reason: String, remedy: String) {
    (self.place, self.reason, self.remedy) = (place, reason, remedy)
  }

  public var description: String { "\(place): \(reason) \(remedy)" }
}
