/// What alarms need to know of a window.
struct AlarmWindow: Sendable, Equatable, Codable {
  var moment: EventMoment
  var fault: String?
  var description: String?
  var probability: Double
  var alarm: Bool
  /// Probability of any fault.
  var danger: Double
  var sensors: [String]
  var shares: [Double]
  var remaining: Double?
  var nearest: [NearWindow]

  /// - Parameter isNormal: which of the labels behind the probabilities say that nothing is wrong.
  init(_ prediction: FaultPrediction, isNormal: [Bool]) {
    moment = EventMoment(row: prediction.row, time: prediction.time)
    (fault, description) = (prediction.fault, prediction.description)
    probability = AlarmWindow.finite(prediction.probability) ?? 0
    alarm = prediction.alarm && prediction.fault != nil
    danger = prediction.danger(isNormal: isNormal)
    sensors = prediction.contributions.map(\.sensor)
    shares = prediction.contributions.map { AlarmWindow.finite($0.share) ?? 0 }
    remaining = AlarmWindow.finite(prediction.remaining)
    nearest = prediction.nearest
  }

  func isUp(_ rule: AlarmRule) -> Bool { alarm || danger >= rule.release }

  /// What is saved must be a number: JSON has no others.
  private static func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}

extension FaultPrediction {
  /// Probability that anything is wrong, 0 to 1: of all labels but the normal ones where they exclude each other (the
  /// sum is then at most 1), of the likeliest of them where their sum is more.
  /// - Parameter isNormal: one a label, in the order of `probabilities`; where they do not fit, `fault` and
  ///   `probability` tell.
  public func danger(isNormal: [Bool]) -> Double {
    if !probabilities.isEmpty, probabilities.count == isNormal.count {
      let faults = zip(probabilities, isNormal).filter { !$1 }.map { Double($0.0) }
      let all = probabilities.reduce(0) { $0 + Double($1) },
        sum = all > 1.01 ? faults.max() ?? 0 : faults.reduce(0, +)
      return sum.isFinite ? min(1, max(0, sum)) : 0
    }
    guard let fault, let probability, probability.isFinite else { return 0 }
    return min(1, max(0, NormalLabel.isNormal(fault) ? 1 - probability : probability))
  }
}
