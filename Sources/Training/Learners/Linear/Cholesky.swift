import Tensors

/// Solves symmetric positive definite systems by Cholesky's factors, in blocks whose products oneDNN makes.
///
/// Source: Golub, Van Loan, Matrix Computations, section 4.2.9 (the outer-product form by blocks).
struct Cholesky {
  /// Rows and columns of a block.
  private static let width = 128
  /// Columns of a strip that one product brings up to date: the upper half is left out but for the strips' corners.
  private static let strip = 512

  /// Solves `matrix · solution = right`.
  /// - Parameters:
  ///   - matrix: `[size, size]`, the lower half; written over with the factor.
  ///   - right: `[answers, size]`, one right side a row.
  /// - Returns: `[answers, size]`; nil where the matrix is not positive definite in single precision.
  static func solve(_ matrix: inout [Float], _ right: [Float], answers: Int) -> [Float]? {
    var result = right
    let size = answers == 0 ? 0 : right.count / answers
    let solved = matrix.withUnsafeMutableBufferPointer { matrix -> Bool in
      result.withUnsafeMutableBufferPointer { right in
        guard let matrix = matrix.baseAddress, let right = right.baseAddress else { return true }
        var work = Work(matrix: matrix, right: right, size: size, answers: answers)
        guard work.factor() else { return false }
        work.goBack()
        return true
      }
    }
    return solved && result.allSatisfy(\.isFinite) ? result : nil
  }

  private struct Work {
    let matrix: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let size: Int
    let answers: Int
    let tape = Tape(.inference)
    /// The diagonal blocks' factors turned round, `[width, width]` each.
    var inverses: [[Float]] = []

    init(matrix: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, size: Int, answers: Int) {
      (self.matrix, self.right, self.size, self.answers) = (matrix, right, size, answers)
    }

    /// Factors the matrix; right sides go along as further rows, which solves them by the factor.
    mutating func factor() -> Bool {
      for start in stride(from: 0, to: size, by: width) {
        let wide = min(width, size - start)
        guard let inverse = diagonal(start, wide) else { return false }
        inverses.append(inverse)
        let (end, below) = (start + wide, size - start - wide)
        // The panel below, and the right sides: panel · inverseᵀ.
        let panel = Tensor(shape: [below + answers, wide]) { out in
          for row in 0..<below + answers {
            let from = row < below ? matrix + (end + row) * size : right + (row - below) * size
            for column in 0..<wide { out[row * wide + column] = from[start + column] }
          }
        }
        let done = tape.matmul(panel, Tensor(inverse, shape: [wide, wide]), transposeB: true)
        done.withUnsafeFloats { done in
          for row in 0..<below + answers {
            let to = row < below ? matrix + (end + row) * size : right + (row - below) * size
            for column in 0..<wide { to[start + column] = done[row * wide + column] }
          }
          guard let done = done.baseAddress else { return }
          for place in stride(from: 0, to: below, by: strip) {
            takeOff(done, wide, end, below, place)
          }
        }
      }
      return true
    }

    /// Takes the panel's products off one strip of what is left.
    private func takeOff(
      _ panel: UnsafePointer<Float>, _ wide: Int, _ end: Int, _ below: Int, _ place: Int
    ) {
      let columns = min(strip, below - place)
      let rows = below + answers - place
      let tall = Tensor(shape: [rows, wide]) {
        $0.baseAddress?.update(from: panel + place * wide, count: rows * wide)
      }
      let flat = Tensor(shape: [columns, wide]) {
        $0.baseAddress?.update(from: panel + place * wide, count: columns * wide)
      }
      tape.matmul(tall, flat, transposeB: true).withUnsafeFloats { product in
        guard let product = product.baseAddress else { return }
        for row in 0..<rows {
          let own =
            place + row < below ? matrix + (end + place + row) * size : right + (place + row - below) * size
          let (to, from) = (own + end + place, product + row * columns)
          for column in 0..<columns { to[column] -= from[column] }
        }
      }
    }

    /// Factors a diagonal block in double precision.
    /// - Returns: the inverse of its factor, lower; nil where the block is not positive definite.
    private func diagonal(_ start: Int, _ wide: Int) -> [Float]? {
      var factor = [Double](repeating: 0, count: wide * wide)
      for row in 0..<wide {
        for column in 0...row {
          var sum = Double(matrix[(start + row) * size + start + column])
          for k in 0..<column { sum -= factor[row * wide + k] * factor[column * wide + k] }
          if row == column {
            guard sum > 0, sum.isFinite else { return nil }
            factor[row * wide + row] = sum.squareRoot()
          } else {
            factor[row * wide + column] = sum / factor[column * wide + column]
          }
          matrix[(start + row) * size + start + column] = Float(factor[row * wide + column])
        }
      }
      // Row by row: L · inverse = 1.
      var inverse = [Double](repeating: 0, count: wide * wide)
      for row in 0..<wide {
        for k in 0..<row {
          let share = factor[row * wide + k]
          for column in 0...k { inverse[row * wide + column] -= share * inverse[k * wide + column] }
        }
        inverse[row * wide + row] = 1
        let whole = factor[row * wide + row]
        for column in 0...row { inverse[row * wide + column] /= whole }
      }
      return inverse.map { Float($0) }
    }

    /// Solves by the factor turned round, from the last block to the first.
    func goBack() {
      for (block, inverse) in inverses.enumerated().reversed() {
        let start = block * width
        let wide = min(width, size - start)
        for answer in 0..<answers {
          let own = right + answer * size
          for row in start + wide..<max(size, start + wide) {
            let (share, from) = (own[row], matrix + row * size + start)
            for column in 0..<wide { own[start + column] -= share * from[column] }
          }
          var solved = [Double](repeating: 0, count: wide)
          for row in 0..<wide {
            let share = Double(own[start + row])
            for column in 0...row { solved[column] += share * Double(inverse[row * wide + column]) }
          }
          for column in 0..<wide { own[start + column] = Float(solved[column]) }
        }
      }
    }
  }
}
