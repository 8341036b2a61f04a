/// Rows of features, row-major: `[rows, columns]`.
///
/// Learners expect standardised columns (mean 0, deviation 1, clipped to ±5 or so). A value that is no finite number
/// counts as 0, the mean.
public struct FeatureMatrix: Sendable {
  /// Number of rows.
  public let rows: Int
  /// Features of one row.
  public let columns: Int
  /// All values, one row after another.
  public let values: [Float]

  /// - Parameter values: `[rows, columns]`, one row after another.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "\(values.count) values do not fill \(rows) rows of \(columns).")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Rows of equal length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "Rows of features must be equally long.")
    self.init(rows: rows.count, columns: columns, values: Array(rows.joined()))
  }

  /// The features of one row.
  public subscript(row: Int) -> ArraySlice<Float> { values[row * columns..<(row + 1) * columns] }

  /// Reads one row in place; the pointer is valid only inside `body`.
  public func withUnsafeRow<R>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    precondition(row >= 0 && row < rows, "Row \(row) of \(rows)")
    return try values.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[row * columns..<(row + 1) * columns]))
    }
  }

  /// The rows named, in that order.
  public func selecting(_ chosen: [Int]) -> FeatureMatrix {
    let picked = [Float](unsafeUninitializedCapacity: chosen.count * columns) { out, count in
      values.withUnsafeBufferPointer { from in
        for (place, row) in chosen.enumerated() {
          let source = UnsafeBufferPointer(rebasing: from[row * columns..<(row + 1) * columns])
          _ = UnsafeMutableBufferPointer(rebasing: out[place * columns..<(place + 1) * columns])
            .initialize(from: source)
        }
      }
      count = chosen.count * columns
    }
    return FeatureMatrix(rows: chosen.count, columns: columns, values: picked)
  }

  /// Columns as rows.
  func transposed() -> FeatureMatrix {
    let turned = [Float](unsafeUninitializedCapacity: values.count) { out, count in
      values.withUnsafeBufferPointer { from in
        // In blocks of rows, so that what is written stays in the cache until its line is full.
        for block in stride(from: 0, to: rows, by: 64) {
          for column in 0..<columns {
            for row in block..<min(block + 64, rows) {
              out.initializeElement(at: column * rows + row, to: from[row * columns + column])
            }
          }
        }
      }
      count = values.count
    }
    return FeatureMatrix(rows: columns, columns: rows, values: turned)
  }

  /// The same rows with 0 for what is no finite number; itself where all are.
  func cleaned() -> FeatureMatrix {
    if values.allSatisfy(\.isFinite) { return self }
    return FeatureMatrix(rows: rows, columns: columns, values: values.map { $0.isFinite ? $0 : 0 })
  }

  /// Refuses what no learner can learn from.
  func check(_ learner: String, answers: Int) throws {
    if columns == 0 {
      throw TrainingError(
        place: learner, reason: "The rows have no features.", remedy: "Give at least one column.")
    }
    if rows == 0 {
      throw TrainingError(
        place: learner, reason: "There are no rows to learn from.", remedy: "Give at least one row.")
    }
    if answers != rows {
      throw TrainingError(
        place: learner, reason: "There are \(rows) rows and \(answers) answers.",
        remedy: "Give one answer a row.")
    }
  }

  /// As `check`, for labels of `classes` classes.
  func check(_ learner: String, labels: [Int], classes: Int) throws {
    try check(learner, answers: labels.count)
    if let row = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
      throw TrainingError(
        place: "\(learner), row \(row)", reason: "The label \(labels[row]) is none of \(classes) classes.",
        remedy: "Number the classes from 0.")
    }
  }

  /// As `check`, for numbers.
  func check(_ learner: String, targets: [Float]) throws {
    try check(learner, answers: targets.count)
    if let row = targets.firstIndex(where: { !$0.isFinite }) {
      throw TrainingError(
        place: "\(learner), row \(row)", reason: "The target \(targets[row]) is no finite number.",
        remedy: "Leave out rows without a target.")
    }
  }
}
