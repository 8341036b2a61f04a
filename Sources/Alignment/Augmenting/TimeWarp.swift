import Foundation
import Layers

/// Smooth monotone changes of the time axis, after Um et al. 2017, "Data augmentation of wearable sensor data for
/// Parkinson's disease monitoring using convolutional neural networks".
///
/// There a cubic spline through random speeds is added up; here their logarithms are joined by half waves of a cosine,
/// which never leave the range between two knots, so that no speed can become negative however strong the warp.
enum TimeWarp {
  /// Speeds drawn along a window, both ends included: four inside, as in the paper.
  private static let knots = 6

  /// Places to read `count` rows at, from 0 to `count - 1`, each after the one before.
  /// - Parameter strength: deviation of the logarithm of the speed.
  static func places(
    _ count: Int, strength: Float, using rng: inout some RandomNumberGenerator
  ) -> [Float] {
    let speeds = (0..<knots).map { _ in strength * rng.normal() }
    guard count > 1 else { return (0..<count).map(Float.init) }
    var places: [Float] = [0]
    for step in 0..<count - 1 {
      let along = (Float(step) + 0.5) / Float(count - 1) * Float(knots - 1)
      let knot = min(knots - 2, Int(along))
      let share = 0.5 - 0.5 * cosf(.pi * (along - Float(knot)))
      places.append(places[step] + expf(speeds[knot] + (speeds[knot + 1] - speeds[knot]) * share))
    }
    let scale = Float(count - 1) / places[count - 1]
    return places.map { $0 * scale }
  }

  /// Rows at places between those of `values`: linear between two values, the nearer one beside a missing value.
  /// - Parameters:
  ///   - values: `[row, channel]`.
  ///   - places: ascending, within the rows.
  static func read(_ values: [Float], channels: Int, at places: [Float]) -> [Float] {
    let last = values.count / channels - 1
    return places.flatMap { place -> [Float] in
      let low = min(last, Int(place)), high = min(last, low + 1), share = place - Float(low)
      return (0..<channels).map { channel in
        let (a, b) = (values[low * channels + channel], values[high * channels + channel])
        guard a.isFinite, b.isFinite else { return share < 0.5 ? a : b }
        return a + (b - a) * share
      }
    }
  }
}
