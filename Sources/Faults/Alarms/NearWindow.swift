/// A window of the training data that lies near one of the recording, in the space that the bundle learned.
public struct NearWindow: Sendable, Equatable, Codable {
  /// Of the row in the training manifest.
  public var id: String
  /// Cosine distance, 0 to 2.
  public var distance: Double

  /// - Parameter distance: 0 to 2.
  public init(id: String, distance: Double) { (self.id, self.distance) = (id, distance) }
}
