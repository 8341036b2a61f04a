/// Mean and deviation of features in training, so that learners see numbers of one size.
struct FeatureScale: Sendable {
  var means: [Float]
  var deviations: [Float]

  /// Features farther from their mean are brought back to so many deviations.
  private static let limit: Float = 5

  /// Measured on rows of equal length; NaN takes no part.
  init(_ rows: [[Float]]) {
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
  }

  init(means: [Float], deviations: [Float]) { (self.means, self.deviations) = (means, deviations) }

  /// Standardises one row in place; what is missing or never changed in training becomes 0.
  func apply(to row: inout [Float]) {
    for place in row.indices {
      let value = (row[place] - means[place]) / deviations[place]
      row[place] = deviations[place] > 1e-6 && value.isFinite ? max(-Self.limit, min(Self.limit, value)) : 0
    }
  }
}
