import Foundation

extension Metrics {
  /// Root of the mean squared error, in the unit of the target; nil without any.
  public static func rmse(_ predicted: [Float], truth: [Float]) -> Double? {
    meanError(predicted, truth) { $0 * $0 }.map { $0.squareRoot() }
  }

  /// Mean absolute error, in the unit of the target; nil without any.
  public static func mae(_ predicted: [Float], truth: [Float]) -> Double? {
    meanError(predicted, truth) { abs($0) }
  }

  /// Score of the turbofan prognostics challenge: with d = predicted - true remaining cycles, the sum of
  /// exp(-d / 13) - 1 where d < 0 and exp(d / 10) - 1 elsewhere. Less is better; late warnings cost more.
  ///
  /// Source: Saxena et al., Damage Propagation Modeling for Aircraft Engine Run-to-Failure Simulation,
  /// PHM 2008.
  public static func nasaScore(_ predicted: [Float], truth: [Float]) -> Double? {
    meanError(predicted, truth) { $0 < 0 ? exp(-$0 / 13) - 1 : exp($0 / 10) - 1 }.map {
      $0 * Double(truth.count)
    }
  }

  private static func meanError(_ predicted: [Float], _ truth: [Float], _ cost: (Double) -> Double) -> Double?
  {
    precondition(predicted.count == truth.count, "\(predicted.count) predictions for \(truth.count) truths")
    guard !truth.isEmpty else { return nil }
    return zip(predicted, truth).reduce(0.0) { $0 + cost(Double($1.0) - Double($1.1)) } / Double(truth.count)
  }
}
