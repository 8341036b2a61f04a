import Tensors

/// A symmetric matrix, row-major, both halves filled.
struct SquareMatrix: Sendable {
  let size: Int
  var values: [Float]

  /// Products of all pairs of rows: `x xᵀ`.
  /// - Parameters:
  ///   - vectors: `[size, length]`.
  ///   - team: threads, each multiplying the next pair of blocks.
  init(products vectors: FeatureMatrix, on team: ReplicaTeam) throws {
    let (size, length) = (vectors.rows, vectors.columns)
    let width = 256
    let starts = Array(stride(from: 0, to: size, by: width))
    let blocks = starts.map { start in
      let end = min(start + width, size)
      return Tensor(Array(vectors.values[start * length..<end * length]), shape: [end - start, length])
    }
    let pairs = starts.indices.flatMap { row in (0...row).map { (row, $0) } }
    let parts = try team.map(pairs.count) { pair in
      Tape(.inference).matmul(blocks[pairs[pair].0], blocks[pairs[pair].1], transposeB: true)
    }
    self.size = size
    values = [Float](unsafeUninitializedCapacity: size * size) { out, count in
      for (pair, part) in zip(pairs, parts) {
        let (top, left, columns) = (starts[pair.0], starts[pair.1], part.shape[1])
        part.withUnsafeFloats { part in
          for row in 0..<blocks[pair.0].shape[0] {
            for column in 0..<columns {
              let value = part[row * columns + column]
              out.initializeElement(at: (top + row) * size + left + column, to: value)
              out.initializeElement(at: (left + column) * size + top + row, to: value)
            }
          }
        }
      }
      count = size * size
    }
  }

  /// Takes another matrix of this size off.
  mutating func subtract(_ other: SquareMatrix) {
    values.withUnsafeMutableBufferPointer { own in
      other.values.withUnsafeBufferPointer { other in
        for place in 0..<own.count { own[place] -= other[place] }
      }
    }
  }
}
