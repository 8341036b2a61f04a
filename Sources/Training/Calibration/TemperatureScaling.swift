import Foundation

/// Divides logits by one number before softmax, so that confidence matches accuracy; no prediction
/// changes.
///
/// Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
public struct TemperatureScaling: Sendable, Equatable, Codable {
  /// 1 leaves the logits as they are; above 1 makes them less sure.
  public var temperature: Double

  /// - Parameter temperature: what logits are divided by; 1 leaves them as they are.
  public init(temperature: Double = 1) { self.temperature = temperature }

  /// Bounds of the fit. Logits whose predictions are all right want a temperature of 0, and logits that
  /// say nothing an infinite one; neither is to be believed of a validation part.
  public static let bounds = 0.05...20.0

  /// The temperature with the least cross-entropy on validation rows.
  ///
  /// Cross-entropy is convex in 1 / temperature: Newton's steps on its slope inside a shrinking bracket.
  /// - Parameters:
  ///   - logits: `[row, class]`; rows with a value that is not finite are left out.
  ///   - truth: the class of each row.
  /// - Returns: temperature 1 where no row is left.
  public static func fit(logits: [Float], classes: Int, truth: [Int]) -> TemperatureScaling {
    precondition(
      logits.count == classes * truth.count, "\(logits.count) logits for \(truth.count) x \(classes)")
    let rows = truth.indices.filter { row in
      logits[row * classes..<(row + 1) * classes].allSatisfy(\.isFinite)
    }
    guard !rows.isEmpty else { return TemperatureScaling() }
    // Slope and curvature of the cross-entropy at the inverse temperature `scale`.
    func slope(_ scale: Double) -> (first: Double, second: Double) {
      var first = 0.0
      var second = 0.0
      for row in rows {
        let z = logits[row * classes..<(row + 1) * classes].map(Double.init)
        let p = softmax(z.map { $0 * scale })
        let mean = zip(p, z).reduce(0) { $0 + $1.0 * $1.1 }
        first += mean - z[truth[row]]
        second += zip(p, z).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      }
      return (first, second)
    }
    var low = 1 / bounds.upperBound
    var high = 1 / bounds.lowerBound
    if slope(low).first >= 0 { return TemperatureScaling(temperature: bounds.upperBound) }
    if slope(high).first <= 0 { return TemperatureScaling(temperature: bounds.lowerBound) }
    var scale = 1.0
    for _ in 0..<100 {
      let (first, second) = slope(scale)
      if first > 0 { high = scale } else { low = scale }
      let newton = scale - first / second
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - scale) <= 1e-12 * scale { break }
      scale = next
    }
    return TemperatureScaling(temperature: 1 / scale)
  }

  /// Probabilities `[row, class]` of `logits` `[row, class]`.
  public func probabilities(_ logits: [Float], classes: Int) -> [Float] {
    precondition(classes > 0 && logits.count % classes == 0, "\(logits.count) logits in rows of \(classes)")
    return stride(from: 0, to: logits.count, by: classes).flatMap { row in
      Self.softmax(logits[row..<row + classes].map { Double($0) / temperature }).map(Float.init)
    }
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
