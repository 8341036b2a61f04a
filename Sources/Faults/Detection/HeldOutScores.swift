/// What models that know a part of the normal period say of the rest.
struct HeldOutScores {
  /// `[look][row]`
  private(set) var scores: [[Double]]
  /// Rows that were scored.
  var count: Int { scores.first?.count ?? 0 }

  /// Models of fewer rows are made up for by at most a quarter: beyond, nothing is left to estimate from.
  private static let mostCorrection = 1.25

  /// The looks in their order.
  static func kinds(_ settings: DetectorSettings) -> [(statistic: DetectionStatistic, rows: Int)] {
    settings.scales.flatMap { rows in
      DetectionStatistic.allCases.filter(settings.statistics.contains).map { ($0, rows) }
    }
  }

  /// - Parameters:
  ///   - rows: `[row, sensor]`, NaN where missing.
  ///   - model: learned from all of them.
  ///   - blocks: each is scored by a model of the others, a window away from it.
  init(_ rows: [Double], model: NormalModel, settings: DetectorSettings, blocks: Int) {
    let size = model.size, count = rows.count / size, gap = settings.window
    let kinds = HeldOutScores.kinds(settings)
    scores = kinds.map { _ in [] }
    for block in 0..<blocks {
      let (start, end) = (block * count / blocks, (block + 1) * count / blocks)
      let kept = Array(rows[..<(max(0, start - gap) * size)]) + Array(rows[(min(count, end + gap) * size)...])
      let part = NormalModel(kept, size: size, floor: settings.floor, known: model.deviations)
      let points = (start..<end).map { row in
        var point = Array(rows[row * size..<(row + 1) * size])
        part.standardise(&point)
        part.fill(&point)
        return point
      }
      let corrections = settings.statistics.reduce(into: [:]) {
        $0[$1] = HeldOutScores.correction($1, part: part, whole: model)
      }
      // The first rows of a block have no full window of rows that the model does not know.
      for row in settings.window - 1..<max(settings.window - 1, points.count) {
        var known: [Int: [Double]] = [:]
        for (place, kind) in kinds.enumerated() {
          let found =
            known[kind.rows] ?? part.scores(NormalDetector.mean(Array(points[row - kind.rows + 1...row])))
          known[kind.rows] = found
          scores[place].append(
            Double(kind.rows) * part.value(kind.statistic, found) / (corrections[kind.statistic] ?? 1))
        }
      }
    }
  }

  /// How much farther out a fresh row lies for a model of a part than for one of all rows: the mean of T² over fresh rows
  /// is p (n² - 1) / (n (n - p - 2)) under normal distributions (Jackson 1991, A User's Guide to Principal Components).
  private static func correction(
    _ statistic: DetectionStatistic, part: NormalModel, whole: NormalModel
  ) -> Double {
    guard statistic != .q else { return 1 }
    func mean(_ model: NormalModel) -> Double {
      let (n, p) = (Double(model.rows), whole.freedom(statistic))
      return (n * n - 1) / (n * max(4, n - p - 2))
    }
    return max(1, min(mostCorrection, mean(part) / mean(whole)))
  }
}
