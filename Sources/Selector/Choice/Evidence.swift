import Foundation

/// Everything that the selector weighs for one input and one task.
public struct Evidence: Sendable, Codable, Hashable {
  /// Measures of the input itself, before any model.
  public var quality: Quality
  /// Distance from training data in units of the usual one.
  public var strangeness: Float
  /// Entropy of the head's answer over its maximum.
  public var uncertainty: Float

  /// - Parameters:
  ///   - strangeness: distance from training data; 1 is usual.
  ///   - uncertainty: entropy of the answer over its maximum, 0 to 1.
  public init(quality: Quality, strangeness: Float, uncertainty: Float) {
    (self.quality, self.strangeness, self.uncertainty) = (quality, strangeness, uncertainty)
  }

  /// In a fixed order, for the selector's network.
  var values: [Float] { quality.values + [min(4, strangeness) / 2, uncertainty] }

  static let count = Quality.count + 2

  /// Entropy of probabilities over its maximum; for sigmoid outputs the mean of each one's.
  public static func entropy(_ probabilities: [Float], exclusive: Bool) -> Float {
    func part(_ p: Float) -> Float { p > 0 ? -p * log2f(p) : 0 }
    guard !probabilities.isEmpty else { return 0 }
    if exclusive {
      guard probabilities.count > 1 else { return 0 }
      return probabilities.reduce(0) { $0 + part($1) } / log2f(Float(probabilities.count))
    }
    return probabilities.reduce(0) { $0 + part($1) + part(1 - $1) } / Float(probabilities.count)
  }
}
