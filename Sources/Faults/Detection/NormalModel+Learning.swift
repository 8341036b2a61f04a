extension NormalModel {
  /// Rounds in which gaps are filled and the model learned anew.
  private static let rounds = 3
  /// Deviations of a part of the rows below this share of all rows' are taken to be it: a sensor that stood still in
  /// that part has not become infinitely exact.
  private static let leastDeviation = 0.1

  /// Learns from rows of normal operation.
  ///
  /// Components are principal where their variance is above what the largest of independent sensors would have: the
  /// edge of Marchenko and Pastur 1967, to which parallel analysis (Horn 1965) comes with many rows.
  /// - Parameters:
  ///   - values: `[row, sensor]`, NaN where missing; filled where the other sensors tell it.
  ///   - known: deviations over all rows, where these are a part of them.
  init(_ values: [Double], size: Int, floor: Double, known: [Double]? = nil) {
    let rows = values.count / size
    let sensors = 0..<size
    var means = [Double](repeating: 0, count: size), deviations = means
    for sensor in sensors {
      let column = stride(from: sensor, to: values.count, by: size).map { values[$0] }.filter(\.isFinite)
      let count = Double(max(1, column.count))
      means[sensor] = column.reduce(0, +) / count
      let centre = means[sensor]
      let own = (column.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / count).squareRoot()
      let least = known.map { $0[sensor] * NormalModel.leastDeviation } ?? 0
      deviations[sensor] = max(own, least) > 0 ? max(own, least) : 1
    }
    var points = values
    for place in points.indices {
      points[place] = (points[place] - means[place % size]) / deviations[place % size]
    }
    let gaps = (0..<rows).filter { row in
      points[row * size..<(row + 1) * size].contains { !$0.isFinite }
    }
    var filled = points
    for place in filled.indices where !filled[place].isFinite { filled[place] = 0 }
    var model = NormalModel(filled, means, deviations, floor)
    if !gaps.isEmpty {
      for _ in 0..<NormalModel.rounds {
        for row in gaps {
          var point = Array(points[row * size..<(row + 1) * size])
          model.fill(&point)
          filled.replaceSubrange(row * size..<(row + 1) * size, with: point)
        }
        model = NormalModel(filled, means, deviations, floor)
      }
    }
    self = model
  }

  /// - Parameter points: standardised rows without a gap.
  private init(_ points: [Double], _ means: [Double], _ deviations: [Double], _ floor: Double) {
    let size = means.count
    let rows = points.count / size
    var sums = [Double](repeating: 0, count: size * size)
    points.withUnsafeBufferPointer { points in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in 0..<rows {
          let start = row * size
          for a in 0..<size {
            let value = points[start + a]
            for b in 0...a { sums[a * size + b] += value * points[start + b] }
          }
        }
      }
    }
    let count = Double(max(1, rows - 1))
    for a in 0..<size {
      for b in 0...a {
        sums[a * size + b] /= count
        sums[b * size + a] = sums[a * size + b]
      }
    }
    let found = SymmetricEigen(sums, size: size)
    let edge = 1 + (Double(size) / Double(max(1, rows))).squareRoot()
    self.init(
      size: size, means: means, deviations: deviations, variances: found.values.map { max(0, $0) },
      components: found.vectors, principal: max(1, found.values.count { $0 > edge * edge }), floor: floor,
      rows: rows)
  }

  /// Puts what is missing of a standardised row where the other sensors let expect it: where the distance is least.
  /// - Parameter point: one value a sensor, at least one of them finite.
  func fill(_ point: inout [Double]) {
    let missing = point.indices.filter { !point[$0].isFinite }
    guard !missing.isEmpty else { return }
    for sensor in missing { point[sensor] = 0 }
    guard missing.count < size else { return }
    // The distance is x' M x; at its least over the missing x the slopes there are 0.
    let count = missing.count
    var matrix = [Double](repeating: 0, count: count * count), right = [Double](repeating: 0, count: count)
    let scores = scores(point)
    for component in 0..<size {
      let weight = 1 / (max(0, variances[component]) + floor), start = component * size
      for a in 0..<count {
        let loading = weight * components[start + missing[a]]
        right[a] -= loading * scores[component]
        for b in 0...a { matrix[a * count + b] += loading * components[start + missing[b]] }
      }
    }
    for (place, value) in NormalModel.solved(&matrix, right).enumerated() { point[missing[place]] = value }
  }

  /// Solves a small positive definite system by Cholesky's factors (Golub, Van Loan, section 4.2).
  /// - Parameter matrix: the lower half; written over.
  private static func solved(_ matrix: inout [Double], _ right: [Double]) -> [Double] {
    let count = right.count
    var result = right
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row * count + column]
        for k in 0..<column { sum -= matrix[row * count + k] * matrix[column * count + k] }
        matrix[row * count + column] =
          row == column ? max(sum, 1e-300).squareRoot() : sum / matrix[column * count + column]
      }
      for k in 0..<row { result[row] -= matrix[row * count + k] * result[k] }
      result[row] /= matrix[row * count + row]
    }
    for row in (0..<count).reversed() {
      for k in row + 1..<max(row + 1, count) { result[row] -= matrix[k * count + row] * result[k] }
      result[row] /= matrix[row * count + row]
    }
    return result
  }
}
