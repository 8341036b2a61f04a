/// Mean and deviation of features in training, so that learners see numbers of one size.
struct FeatureScale: Sendable {
  var means: [Float]
  var deviations: [Float]

  /// Whether features far out are brought back.
  var isClamped: Bool

  /// Features farther from their mean are brought back to so many deviations.
  private static let limit: Float = 5

  /// Measured on rows of equal length; NaN takes no part.
  /// - Parameter isCommon: whether all features share one deviation, so that those that vary more count for more.
  init(_ rows: [[Float]], isCommon: Bool = false, isClamped: Bool = true) {
    self.isClamped = isClamped
    let columns = rows.first?.count ?? 0
    var sums = [Double](repeating: 0, count: columns), squares = sums, counts = sums
    for row in rows {
      for column in 0..<columns where row[column].isFinite {
        let value = Double(row[column])
        sums[column] += value
        squares[column] += value * value
        counts[column] += 1
      }
    }
    means = zip(sums, counts).map { Float($0 / max(1, $1)) }
    deviations = (0..<columns).map { column in
      let count = max(1, counts[column]), mean = sums[column] / count
      return Float(max(0, squares[column] / count - mean * mean).squareRoot())
    }
    guard isCommon, columns > 0 else { return }
    let square = deviations.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(columns)
    deviations = [Float](repeating: Float(square.squareRoot()), count: columns)
  }

  init(means: [Float], deviations: [Float], isClamped: Bool = true) {
    (self.means, self.deviations, self.isClamped) = (means, deviations, isClamped)
  }

  /// Standardises one row in place; what is missing or never changed in training becomes 0.
  func apply(to row: inout [Float]) {
    for place in row.indices {
      let value = (row[place] - means[place]) / deviations[place]
      let isKnown = deviations[place] > 1e-6 && value.isFinite
      row[place] = !isKnown ? 0 : isClamped ? max(-Self.limit, min(Self.limit, value)) : value
    }
  }
}
