/// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, in double precision.
///
/// Of a few hundred sensors at most there is nothing to win from a library: 53 of them take some milliseconds, and small
/// eigenvalues come out as exact as large ones, which the distance from normal operation lives on.
/// Source: Golub, Van Loan, Matrix Computations, section 8.5 (cyclic Jacobi).
public struct SymmetricEigen: Sendable {
  /// By falling size.
  public let values: [Double]
  /// `[value, place]`: one vector of length 1 a row, in the order of the values. Its largest part is positive.
  public let vectors: [Double]

  private static let sweeps = 60

  /// - Parameter matrix: `[size, size]`, both halves filled, finite.
  public init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size)
    var a = matrix
    var v = [Double](repeating: 0, count: size * size)
    for place in 0..<size { v[place * size + place] = 1 }
    let whole = matrix.reduce(0) { $0 + $1 * $1 }
    a.withUnsafeMutableBufferPointer { a in
      v.withUnsafeMutableBufferPointer { v in
        for _ in 0..<SymmetricEigen.sweeps {
          var off = 0.0
          for row in 0..<size {
            for column in 0..<row { off += a[row * size + column] * a[row * size + column] }
          }
          if off <= 1e-28 * whole { break }
          for p in 0..<size { for q in p + 1..<max(p + 1, size) { SymmetricEigen.rotate(a, v, size, p, q) } }
        }
      }
    }
    let order = (0..<size).sorted { (a[$1 * size + $1], $0) < (a[$0 * size + $0], $1) }
    values = order.map { a[$0 * size + $0] }
    vectors = order.flatMap { row -> [Double] in
      let vector = Array(v[row * size..<(row + 1) * size])
      // The sign is free; fixing it gives the same file for the same rows.
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// Turns rows and columns p and q so that their common element vanishes.
  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, _ size: Int, _ p: Int,
    _ q: Int
  ) {
    let common = a[p * size + q]
    guard abs(common) > 1e-300 else { return }
    let theta = (a[q * size + q] - a[p * size + p]) / (2 * common)
    let t = (theta >= 0 ? 1 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<size {
      let (x, y) = (a[p * size + k], a[q * size + k])
      (a[p * size + k], a[q * size + k]) = (c * x - s * y, s * x + c * y)
    }
    for k in 0..<size {
      let (x, y) = (a[k * size + p], a[k * size + q])
      (a[k * size + p], a[k * size + q]) = (c * x - s * y, s * x + c * y)
    }
    // Rows of v are the vectors, so that they stay together in memory.
    for k in 0..<size {
      let (x, y) = (v[p * size + k], v[q * size + k])
      (v[p * size + k], v[q * size + k]) = (c * x - s * y, s * x + c * y)
    }
  }
}
