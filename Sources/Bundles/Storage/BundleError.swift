/// Why a bundle cannot be used: place, reason, remedy.
public struct BundleError: Error, Sendable, CustomStringConvertible {
  /// The bundle, file or folder at fault, or a flag such as `--labels`.
  public var path: String
  /// What is wrong and why, in sentences.
  public var reason: String
  /// What to do about it, in sentences.
  public var remedy: String

  /// - Parameter path: the bundle, file or folder at fault, or a flag.
  public init(path: String, reason: String, remedy: String) {
    (self.path, self.reason, self.remedy) = (path, reason, remedy)
  }

  /// Place, reason and remedy in one line.
  public var description: String { "\(path): \(reason) \(remedy)" }
}
