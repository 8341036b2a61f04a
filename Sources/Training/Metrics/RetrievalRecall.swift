/// How often a search finds a right answer among its first k, in both directions.
public struct RetrievalRecall: Sendable, Equatable {
  /// Numbers of answers looked at, such as 1, 5, 10.
  public var ks: [Int]
  /// For each k the share of rows, asking, with a right column among the first k.
  public var rowToColumn: [Double]
  /// For each k the share of columns, asking, with a right row among the first k.
  public var columnToRow: [Double]
  /// Rows and columns that have a right answer; the others are left out of the shares.
  public var rowsAsked: Int
  /// Columns that have at least one match.
  public var columnsAsked: Int

  /// - Parameters:
  ///   - similarity: `[row, column]`, larger is nearer.
  ///   - isMatch: whether a row and a column belong together; a query may have several right answers.
  ///
  /// A wrong answer of equal similarity counts as nearer than the right one, so that an encoder that gives
  /// everything the same embedding finds nothing; so does anything that is no number.
  public init(
    similarity: [Float], rows: Int, columns: Int, ks: [Int] = [1, 5, 10], isMatch: (Int, Int) -> Bool
  ) {
    precondition(
      similarity.count == rows * columns, "\(similarity.count) similarities for \(rows) x \(columns)")
    // Similarity of the best right answer; then the wrong ones that stand before it.
    var bestOfRow = [Float?](repeating: nil, count: rows)
    var bestOfColumn = [Float?](repeating: nil, count: columns)
    var matches = [Bool](repeating: false, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns where isMatch(row, column) {
        matches[row * columns + column] = true
        let value = similarity[row * columns + column]
        bestOfRow[row] = Self.better(bestOfRow[row], value)
        bestOfColumn[column] = Self.better(bestOfColumn[column], value)
      }
    }
    var beforeInRow = [Int](repeating: 0, count: rows)
    var beforeInColumn = [Int](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns where !matches[row * columns + column] {
        let value = similarity[row * columns + column]
        if let best = bestOfRow[row], !(value < best) { beforeInRow[row] += 1 }
        if let best = bestOfColumn[column], !(value < best) { beforeInColumn[column] += 1 }
      }
    }
    let askedRows = (0..<rows).filter { bestOfRow[$0] != nil }.map { beforeInRow[$0] }
    let askedColumns = (0..<columns).filter { bestOfColumn[$0] != nil }.map { beforeInColumn[$0] }
    self.ks = ks
    (rowsAsked, columnsAsked) = (askedRows.count, askedColumns.count)
    rowToColumn = Self.shares(askedRows, ks)
    columnToRow = Self.shares(askedColumns, ks)
  }

  private static func better(_ a: Float?, _ b: Float) -> Float {
    guard let a, !a.isNaN else { return b }
    return b > a ? b : a
  }

  private static func shares(_ before: [Int], _ ks: [Int]) -> [Double] {
    ks.map { k in before.isEmpty ? 0 : Double(before.count { $0 < k }) / Double(before.count) }
  }
}
