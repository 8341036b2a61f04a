import Foundation

/// How much each sensor speaks for an answer, found by taking one away at a time (after Zeiler and Fergus 2014,
/// "Visualizing and understanding convolutional networks").
///
/// A sensor is taken away by putting its features to their mean in training, which standardised features have at
/// 0; whether it is there at all is left as it is, so that the model sees an ordinary sensor, not a missing one.
/// What the answer loses without a sensor is what the sensor brings; a sensor without which the answer would be
/// surer brings 0. The parts are shares: they add up to 1, or are all 0 where no sensor alone makes a difference.
public enum Occlusion {
  /// The features of a window, once without each channel.
  /// - Parameter features: `[channel, feature]`, the last feature of a channel being 1 where it has values.
  /// - Returns: one array of the same shape a channel.
  public static func variants(of features: [Float], channels: Int) -> [[Float]] {
    guard channels > 0 else { return [] }
    let width = features.count / channels
    return (0..<channels).map { channel in
      var copy = features
      for place in channel * width..<(channel + 1) * width - 1 { copy[place] = 0 }
      return copy
    }
  }

  /// Shares of the channels in a label.
  /// - Parameters:
  ///   - whole: logits of the window as it is.
  ///   - without: logits without each channel.
  ///   - exclusive: one label a window; the drop is then that of the label's odds against all others, which does
  ///     not change when all logits are shifted alike.
  public static func shares(whole: [Float], without: [[Float]], label: Int, exclusive: Bool) -> [Double] {
    let before = evidence(whole, label, exclusive)
    return shares(of: without.map { max(0, before - evidence($0, label, exclusive)) })
  }

  /// Shares of the channels in a number: how far it moves without each, either way.
  public static func shares(whole: Float, without: [Float]) -> [Double] {
    shares(of: without.map { Double(abs($0 - whole)) })
  }

  private static func shares(of drops: [Double]) -> [Double] {
    let sum = drops.reduce(0, +)
    guard sum > 1e-9, sum.isFinite else { return drops.map { _ in 0 } }
    return drops.map { $0 / sum }
  }

  /// The logit, or the logarithm of the label's odds under softmax.
  private static func evidence(_ logits: [Float], _ label: Int, _ exclusive: Bool) -> Double {
    guard exclusive, logits.count > 1 else { return Double(logits[label]) }
    let others = logits.indices.filter { $0 != label }.map { Double(logits[$0]) }
    let top = others.max() ?? 0
    return Double(logits[label]) - top - log(others.reduce(0) { $0 + exp($1 - top) })
  }
}
