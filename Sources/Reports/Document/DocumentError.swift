/// Why a report could not be read, rendered or signed: place, reason, remedy.
public struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file, or a place in a report such as `findings[2].probability`.
  public var place: String
  /// What is wrong and why, one sentence.
  public var reason: String
  /// What to do about it, one sentence.
  public var remedy: String

  /// - Parameter place: a file, or a place in a report such as `findings[2].probability`.
  public init(place: String, reason: String, remedy: String) {
    (self.place, self.reason, self.remedy) = (place, reason, remedy)
  }

  /// Place, reason and remedy in one line.
  public var description: String { "\(place): \(reason) \(remedy)" }
}
