import Foundation

/// The learning rate of each step: a straight rise to the peak, then half a cosine down to the floor.
///
/// Sources: warm-up as in Goyal et al., Accurate, Large Minibatch SGD, 2017; cosine as in Loshchilov and
/// Hutter, SGDR, ICLR 2017, without restarts.
public struct LearningRateSchedule: Sendable, Equatable, Codable {
  /// The largest rate, reached at the last step of the warm-up.
  public var peak: Double
  /// Steps of the rise; 0 begins at the peak.
  public var warmup: Int
  /// Steps in all; from there on the rate stays at the floor.
  public var total: Int
  /// The rate at the end.
  public var floor: Double

  /// - Precondition: `warmup` is in `0...total`, `floor` is not above `peak`.
  public init(peak: Double, warmup: Int, total: Int, floor: Double = 0) {
    precondition(warmup >= 0 && warmup <= total, "A warm-up of \(warmup) steps does not fit into \(total).")
    precondition(floor <= peak, "The floor \(floor) is above the peak \(peak).")
    (self.peak, self.warmup, self.total, self.floor) = (peak, warmup, total, floor)
  }

  /// The rate for step `step`, counted from 0: never 0 in the first step of a warm-up.
  public func rate(at step: Int) -> Double {
    if step < warmup { return peak * Double(max(step, 0) + 1) / Double(warmup) }
    guard step < total else { return floor }
    let progress = Double(step - warmup) / Double(total - warmup)
    return floor + (peak - floor) * (1 + cos(.pi * progress)) / 2
  }
}
