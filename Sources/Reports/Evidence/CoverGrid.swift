/// Where covers may lie on a picture: squares of the same size that move by parts of their own length.
struct CoverGrid {
  /// The upper left corner of a cover, in steps.
  struct Place: Hashable {
    var row: Int
    var column: Int
  }

  let cells: Int
  let steps: Int
  /// Pixels of the picture's side.
  let side: Int

  /// Steps a side.
  var fine: Int { cells * steps }
  private var grid: Int { fine - steps + 1 }

  /// Covers side by side, which together cover the picture once; row by row.
  var apart: [Place] { places(by: steps) }

  /// Pixels of a cover along one side.
  func pixels(_ start: Int) -> Range<Int> { edge(start)..<edge(start + steps) }

  private func edge(_ step: Int) -> Int { step * side / fine }

  private func places(by step: Int) -> [Place] {
    let starts = Array(stride(from: 0, to: grid, by: step))
    return starts.flatMap { row in starts.map { Place(row: row, column: $0) } }
  }

  /// Covers between those that lie apart, of those that overlap one under which an answer falls by more than half of
  /// its greatest fall: elsewhere they could not change what is shown.
  /// - Parameters:
  ///   - falls: of each cover of `apart` and each finding.
  ///   - least: falls that show anything; half of it is enough to look closer.
  func between(falls: [[Double]], least: Double) -> [Place] {
    guard steps > 1, let findings = falls.first?.indices else { return [] }
    var isNear = [Bool](repeating: false, count: cells * cells)
    for finding in findings {
      let greatest = falls.map { $0[finding] }.max() ?? 0
      guard greatest >= least / 2 else { continue }
      for cell in falls.indices where falls[cell][finding] > greatest / 2 { isNear[cell] = true }
    }
    return places(by: 1).filter { place in
      guard place.row % steps != 0 || place.column % steps != 0 else { return false }
      return (place.row / steps...(place.row + steps - 1) / steps).contains { row in
        (place.column / steps...(place.column + steps - 1) / steps).contains { isNear[row * cells + $0] }
      }
    }
  }

  /// For each step of the picture the mean fall under the covers that lie over it: `[row, column]`, `fine` a side.
  func means(_ places: [Place], falls: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: fine * fine), counts = sums
    for (place, fall) in zip(places, falls) {
      for y in place.row..<place.row + steps {
        for x in place.column..<place.column + steps {
          sums[y * fine + x] += fall
          counts[y * fine + x] += 1
        }
      }
    }
    return zip(sums, counts).map { $0 / max(1, $1) }
  }
}
