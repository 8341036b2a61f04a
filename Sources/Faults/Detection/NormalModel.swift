/// Normal operation as one cloud of points: principal components of standardised readings.
///
/// Sources: Jackson, Mudholkar 1979 (T² and Q of principal components); Alcala, Qin 2009, Reconstruction-based
/// contribution for process monitoring with principal component analysis.
public struct NormalModel: Sendable, Codable, Equatable {
  /// Number of sensors.
  public let size: Int
  /// Mean of each sensor.
  public let means: [Double]
  /// Standard deviation of each sensor, above 0.
  public let deviations: [Double]
  /// Variances along the components, by falling size.
  public let variances: [Double]
  /// `[component, sensor]`
  public let components: [Double]
  /// The first components, which stand out from what chance gives; the others are residual.
  public let principal: Int
  /// Least variance of a component in the distance.
  public let floor: Double
  /// Rows that it was learned from.
  public let rows: Int

  /// Divisor of a component's square in a statistic; nil where it takes no part.
  func divisor(_ statistic: DetectionStatistic, _ component: Int) -> Double? {
    switch statistic {
    case .t2: component < principal ? max(variances[component], 1e-12) : nil
    case .q: component < principal ? nil : 1
    case .distance: max(0, variances[component]) + floor
    }
  }

  /// Standardises a row in place; what is not finite stays.
  func standardise(_ row: inout [Double]) {
    for sensor in 0..<size { row[sensor] = (row[sensor] - means[sensor]) / deviations[sensor] }
  }

  /// Where standardised readings lie along the components.
  func scores(_ point: [Double]) -> [Double] {
    components.withUnsafeBufferPointer { components in
      point.withUnsafeBufferPointer { point in
        (0..<size).map { component in
          var sum = 0.0
          for sensor in 0..<size { sum += components[component * size + sensor] * point[sensor] }
          return sum
        }
      }
    }
  }

  /// A statistic of readings given by their scores.
  func value(_ statistic: DetectionStatistic, _ scores: [Double]) -> Double {
    var sum = 0.0
    for component in 0..<size {
      guard let divisor = divisor(statistic, component) else { continue }
      sum += scores[component] * scores[component] / divisor
    }
    return sum
  }

  /// A statistic of standardised readings without a gap: T2, Q or the distance.
  public func value(_ statistic: DetectionStatistic, of point: [Double]) -> Double {
    value(statistic, scores(point))
  }

  /// How much of a statistic goes when each sensor alone is put where it fits the others best.
  /// - Parameter point: standardised readings without a gap.
  /// - Returns: one value a sensor, at least 0.
  public func contributions(_ statistic: DetectionStatistic, of point: [Double]) -> [Double] {
    let scores = scores(point)
    var slopes = [Double](repeating: 0, count: size), weights = slopes
    for component in 0..<size {
      guard let divisor = divisor(statistic, component) else { continue }
      for sensor in 0..<size {
        let loading = components[component * size + sensor]
        slopes[sensor] += loading * scores[component] / divisor
        weights[sensor] += loading * loading / divisor
      }
    }
    return zip(slopes, weights).map { $1 > 1e-12 ? $0 * $0 / $1 : 0 }
  }

  /// Degrees of freedom of a statistic: how many components take part, those near the floor in part.
  func freedom(_ statistic: DetectionStatistic) -> Double {
    switch statistic {
    case .t2: Double(principal)
    case .q: Double(size - principal)
    case .distance: variances.reduce(0) { $0 + max(0, $1) / (max(0, $1) + floor) }
    }
  }
}
