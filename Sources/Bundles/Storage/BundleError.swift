/// Why a bundle cannot be used: place, reason, remedy.
public struct BundleError: Error, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String
  public var remedy: String

  public init(path: String, reason: String, remedy: String) {
    (self.path, self.reason, self.remedy) = (path, reason, remedy)
  }

  public var description: String { "\(path): \(reason) \(remedy)" }
}
