/// Watches one figure of the validation part and says when waiting has lasted long enough.
public struct EarlyStopping: Sendable, Equatable, Codable {
  /// Which way the figure gets better.
  public enum Direction: String, Sendable, Codable {
    /// As accuracy does.
    case higher
    /// As a loss does.
    case lower
  }

  /// What to do after an observation.
  public enum Verdict: Sendable, Equatable {
    /// The best so far: keep these weights.
    case improved
    /// Not better; go on.
    case waiting
    /// Not better for as long as was to be waited.
    case stop
  }

  /// Observations without improvement after which to stop.
  public let patience: Int
  /// Whether more or less is better.
  public let direction: Direction
  /// A smaller change than this is no improvement.
  public let minimumChange: Double
  /// The best figure so far, and the number of its observation from 0; nil before the first.
  public private(set) var best: Double?
  /// Index of the best value so far; nil before the first.
  public private(set) var bestObservation: Int?
  /// Observations so far.
  public private(set) var observations = 0

  /// - Precondition: `patience` is at least 1, `minimumChange` not negative.
  public init(patience: Int, direction: Direction, minimumChange: Double = 0) {
    precondition(
      patience >= 1 && minimumChange >= 0, "Patience \(patience), minimum change \(minimumChange).")
    (self.patience, self.direction, self.minimumChange) = (patience, direction, minimumChange)
  }

  /// Takes the next figure; one that is no number is no improvement.
  public mutating func observe(_ value: Double) -> Verdict {
    defer { observations += 1 }
    if isBetter(value) {
      (best, bestObservation) = (value, observations)
      return .improved
    }
    return observations - (bestObservation ?? -1) >= patience ? .stop : .waiting
  }

  private func isBetter(_ value: Double) -> Bool {
    guard !value.isNaN else { return false }
    guard let best else { return true }
    return direction == .higher ? value > best + minimumChange : value < best - minimumChange
  }
}
