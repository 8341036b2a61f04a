/// The two directions in which points lie furthest apart: their first principal components.
///
/// Source: Hotelling 1933; found by orthogonal iteration on the covariance (Golub and Van Loan, Matrix Computations,
/// 8.2.4).
struct PrincipalPlane {
  /// Shares of the variance along the two directions.
  let spread: [Double]
  /// Both directions, of length 1.
  let axes: [[Double]]
  private let mean: [Double]

  /// - Returns: nil for points of different lengths, points that are no numbers, or points that are all the same.
  init?(_ points: [[Float]]) {
    guard let width = points.first?.count, width > 1,
      points.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) })
    else { return nil }
    let count = Double(points.count)
    let mean = (0..<width).map { column in points.reduce(0) { $0 + Double($1[column]) } / count }
    let covariance = PrincipalPlane.covariance(points, mean)
    let total = (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] }
    guard total > 1e-12 else { return nil }
    // One column more than is wanted, so that the second does not wait for the third to fall behind.
    var columns = (0..<min(3, width)).map { PrincipalPlane.start($0, width) }
    PrincipalPlane.orthogonalise(&columns)
    for _ in 0..<300 {
      columns = columns.map { PrincipalPlane.product(covariance, $0) }
      PrincipalPlane.orthogonalise(&columns)
    }
    let sized = columns.map { axis in
      (axis, max(0, PrincipalPlane.dot(axis, PrincipalPlane.product(covariance, axis))))
    }.sorted { $0.1 > $1.1 }.prefix(2)
    self.mean = mean
    spread = sized.map { $0.1 / total }
    axes = sized.map { axis, _ in
      // The sign is free; the largest part points up, so that the same points give the same picture.
      let largest = axis.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? axis.map { -$0 } : axis
    }
  }

  /// Where a point lies on the plane.
  func place(_ point: [Float]) -> (Double, Double) {
    let centred = zip(point, mean).map { Double($0) - $1 }
    return (PrincipalPlane.dot(centred, axes[0]), PrincipalPlane.dot(centred, axes[1]))
  }

  private static func covariance(_ points: [[Float]], _ mean: [Double]) -> [Double] {
    let width = mean.count
    var sums = [Double](repeating: 0, count: width * width)
    for point in points {
      let centred = zip(point, mean).map { Double($0) - $1 }
      for row in 0..<width {
        let value = centred[row]
        for column in 0..<width { sums[row * width + column] += value * centred[column] }
      }
    }
    return sums.map { $0 / Double(points.count) }
  }

  /// Directions that no point is likely to be square to, the same every time.
  private static func start(_ index: Int, _ width: Int) -> [Double] {
    (0..<width).map { place in
      let mixed = UInt64(place * 3 + index + 1) &* 0x9E37_79B9_7F4A_7C15
      return Double(mixed >> 11) / Double(1 << 53) - 0.5
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.indices.reduce(0) { $0 + a[$1] * b[$1] }
  }

  private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let width = vector.count
    return (0..<width).map { row in
      (0..<width).reduce(0) { $0 + matrix[row * width + $1] * vector[$1] }
    }
  }

  /// Gram and Schmidt, in place; a column that nothing is left of becomes zero.
  private static func orthogonalise(_ columns: inout [[Double]]) {
    for index in columns.indices {
      for before in 0..<index {
        let share = dot(columns[index], columns[before])
        for place in columns[index].indices { columns[index][place] -= share * columns[before][place] }
      }
      let length = dot(columns[index], columns[index]).squareRoot()
      columns[index] = columns[index].map { length > 1e-300 ? $0 / length : 0 }
    }
  }
}
