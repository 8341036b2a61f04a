/// What all trees of a forest read: the rows as they are and, where there are many, by column too.
struct TreeData: Sendable {
  /// Nodes of more rows read columns, others rows: a few rows of a tall column share no cache line, while a row holds
  /// many of the features tried.
  static let tall = 1024

  let x: FeatureMatrix
  /// Columns that are not constant.
  let varying: [Int32]
  /// `[varying, rows]`; empty where no node is tall.
  let byColumn: [Float]
  /// Weight of each row (labels), or its target (numbers).
  let values: [Float]
  /// Class of each row; empty for numbers.
  let labels: [Int32]
  let classes: Int

  init(_ raw: FeatureMatrix, values: [Float], labels: [Int32], classes: Int) {
    let x = raw.cleaned()
    (self.x, self.values, self.labels, self.classes) = (x, values, labels, classes)
    varying = x.values.withUnsafeBufferPointer { all in
      guard let first = all.baseAddress else { return [] }
      var varies = [Bool](repeating: false, count: x.columns)
      varies.withUnsafeMutableBufferPointer { varies in
        for row in 1..<max(1, x.rows) {
          let values = first + row * x.columns
          for column in 0..<x.columns where values[column] != first[column] { varies[column] = true }
        }
      }
      return varies.indices.filter { varies[$0] }.map { Int32($0) }
    }
    let columns = varying
    byColumn =
      x.rows <= Self.tall
      ? []
      : [Float](unsafeUninitializedCapacity: columns.count * x.rows) { out, count in
        // In blocks of rows, so that what is written stays in the cache until its line is full.
        for block in stride(from: 0, to: x.rows, by: 64) {
          for (place, column) in columns.enumerated() {
            for row in block..<min(block + 64, x.rows) {
              out.initializeElement(at: place * x.rows + row, to: x.values[row * x.columns + Int(column)])
            }
          }
        }
        count = columns.count * x.rows
      }
  }

  /// Places of the data while a tree grows.
  struct Pointers {
    let rows: Int
    let columns: Int
    let classes: Int
    let x: UnsafeBufferPointer<Float>
    let varying: UnsafeBufferPointer<Int32>
    let byColumn: UnsafeBufferPointer<Float>
    let values: UnsafeBufferPointer<Float>
    let labels: UnsafeBufferPointer<Int32>
  }

  /// The pointers are valid only inside `body`.
  func withPointers<R>(_ body: (Pointers) throws -> R) rethrows -> R {
    try x.values.withUnsafeBufferPointer { all in
      try varying.withUnsafeBufferPointer { varying in
        try byColumn.withUnsafeBufferPointer { byColumn in
          try values.withUnsafeBufferPointer { values in
            try labels.withUnsafeBufferPointer { labels in
              try body(
                Pointers(
                  rows: x.rows, columns: x.columns, classes: classes, x: all, varying: varying,
                  byColumn: byColumn,
                  values: values, labels: labels))
            }
          }
        }
      }
    }
  }
}
