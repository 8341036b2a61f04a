import Tensors

/// Rows centred over all of them, and the products that linear learners share.
///
/// Where rows are no more than columns, weights are sums of rows (the dual form), and all that is needed of the
/// features is the products of every pair of rows.
struct LinearProblem: Sendable {
  /// Rows that one fit takes at most, unless there are fewer columns than this: matrices of `limit` on a side.
  static let limit = 4_000

  /// The rows less `mean`.
  let z: FeatureMatrix
  /// Of each column.
  let mean: [Float]
  /// Products of all pairs of rows in the dual form; nil otherwise.
  let kernel: SquareMatrix?
  /// Mean squared length of a centred row, by which strengths are scaled; 1 where all rows are the same.
  let scale: Double
  var rows: Int { z.rows }
  var columns: Int { z.columns }

  init(_ raw: FeatureMatrix, on team: ReplicaTeam) throws {
    let x = raw.cleaned()
    var sums = [Double](repeating: 0, count: x.columns)
    for row in 0..<x.rows {
      x.withUnsafeRow(row) { values in
        for column in 0..<values.count { sums[column] += Double(values[column]) }
      }
    }
    let mean = sums.map { Float($0 / Double(x.rows)) }
    var squares = 0.0
    let centred = [Float](unsafeUninitializedCapacity: x.values.count) { out, count in
      for row in 0..<x.rows {
        x.withUnsafeRow(row) { values in
          for column in 0..<values.count {
            let value = values[column] - mean[column]
            squares += Double(value) * Double(value)
            out.initializeElement(at: row * values.count + column, to: value)
          }
        }
      }
      count = x.values.count
    }
    z = FeatureMatrix(rows: x.rows, columns: x.columns, values: centred)
    self.mean = mean
    kernel = x.rows <= x.columns ? try SquareMatrix(products: z, on: team) : nil
    scale = squares > 0 ? squares / Double(x.rows) : 1
  }

  /// Rows that a fit takes: all, or a part with the same share of every class.
  static func part(rows: Int, columns: Int, labels: [Int], seed: UInt64) -> [Int] {
    columns <= limit ? Array(0..<rows) : Folds.part(labels, limit: limit, seed: seed)
  }

  /// Some rows of z, `[chosen, columns]`.
  func tensor(_ chosen: [Int]) -> Tensor {
    Tensor(z.selecting(chosen).values, shape: [chosen.count, columns])
  }

  /// Some rows of the kernel at some columns, `[rows, columns]`, less one number a column.
  static func kernelTensor(
    _ kernel: SquareMatrix, _ rows: [Int], _ columns: [Int], less: [Float]? = nil
  ) -> Tensor {
    Tensor(shape: [rows.count, columns.count]) { out in
      let size = kernel.size
      kernel.values.withUnsafeBufferPointer { kernel in
        for (i, row) in rows.enumerated() {
          for (j, column) in columns.enumerated() {
            out[i * columns.count + j] = kernel[row * size + column] - (less?[j] ?? 0)
          }
        }
      }
    }
  }

  /// Scores for rows as they come, from weights over centred ones.
  /// - Parameters:
  ///   - weights: `[answers, columns]`.
  ///   - bias: at the mean of the rows.
  func scores(weights: [Float], bias: [Double]) -> LinearScores {
    let offsets = bias.indices.map { answer in
      mean.withUnsafeBufferPointer { mean in
        weights.withUnsafeBufferPointer {
          Float(
            bias[answer]
              - dot(UnsafeBufferPointer(rebasing: $0[answer * columns..<(answer + 1) * columns]), mean))
        }
      }
    }
    return LinearScores(columns: columns, weights: weights, bias: offsets)
  }

  /// Weights over columns, `[answers, columns]`, from those over rows, `[answers, rows]`.
  func weights(overRows: [Float]) -> [Float] {
    let answers = overRows.count / rows
    return Tape(.inference).matmul(
      Tensor(overRows, shape: [answers, rows]), Tensor(z.values, shape: [rows, columns])
    ).floats()
  }
}
