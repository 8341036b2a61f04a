import Faults
import Foundation
import Testing

@Suite("Principal components of normal operation, against NumPy")
struct NormalModelTests {
  private let fixture: DetectionFixture

  init() throws { fixture = try DetectionFixture.read() }

  private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-8) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  private func learned(_ statistics: [String], floor: Double? = nil) throws -> NormalDetector {
    var settings = DetectorSettings()
    (settings.window, settings.falseAlarms, settings.levelRate) = (fixture.window, fixture.rate, 0)
    settings.floor = floor ?? fixture.floor
    settings.statistics = statistics.compactMap(DetectionStatistic.init(rawValue:))
    return try NormalDetector(
      fixture.normal.map { Float($0) },
      channels: SimulatedPlant.channels.prefix(fixture.size).map { $0 }, settings: settings)
  }

  private func points(_ model: NormalModel) -> [[Double]] {
    stride(from: 0, to: fixture.fresh.count, by: fixture.size).map { start in
      (0..<fixture.size).map { (fixture.fresh[start + $0] - model.means[$0]) / model.deviations[$0] }
    }
  }

  @Test func meansDeviationsAndVariances() throws {
    let model = try learned(["distance"]).model
    #expect(close(model.means, fixture.means) && close(model.deviations, fixture.deviations))
    #expect(close(model.variances, fixture.variances) && model.principal == fixture.principal)
  }

  @Test(arguments: DetectionStatistic.allCases)
  func statisticsAndContributions(statistic: DetectionStatistic) throws {
    let model = try learned(["distance"]).model
    let wanted = try #require(fixture.values[statistic.rawValue])
    #expect(close(points(model).map { model.value(statistic, of: $0) }, wanted))
    let parts = try #require(fixture.contributions[statistic.rawValue])
    for (point, part) in zip(points(model), parts) {
      #expect(close(model.contributions(statistic, of: point), part))
    }
  }

  @Test func gapsAreFilledByWhatTheOthersTell() throws {
    // A row with a gap must score as the row whose gap is filled with the conditional mean.
    let detector = try learned(["distance"])
    let known = points(detector.model)
    for gap in fixture.filled {
      var row = (0..<fixture.size).map { Float(fixture.fresh[gap.row * fixture.size + $0]) }
      var whole = row
      for sensor in gap.missing {
        row[sensor] = .nan
        whole[sensor] = Float(
          gap.filled[sensor] * detector.model.deviations[sensor] + detector.model.means[sensor])
      }
      #expect(known[gap.row].count == fixture.size)
      let rows = (0..<fixture.window).flatMap { _ in row }, full = (0..<fixture.window).flatMap { _ in whole }
      let (found, wanted) = (try #require(detector.judge(rows)), try #require(detector.judge(full)))
      #expect(abs(found.score - wanted.score) < 1e-4 * wanted.score, "\(gap.missing)")
    }
  }

  @Test func limitsSharesAndVerdicts() throws {
    let fresh = fixture.fresh.map { Float($0) }
    for wanted in fixture.cases {
      let detector = try learned(wanted.statistics)
      #expect(close(detector.looks.map(\.scale), wanted.scales) && close([detector.limit], [wanted.limit]))
      #expect(detector.tail.count == wanted.heldOut)
      for (start, verdict) in wanted.verdicts.enumerated() {
        let window = fresh[start * fixture.size..<(start + fixture.window) * fixture.size]
        let found = try #require(detector.judge(Array(window)))
        #expect(close([found.score, found.share], [verdict.score, verdict.share]))
        #expect(found.look.statistic.rawValue == verdict.statistic && found.look.rows == verdict.rows)
        #expect(close(found.contributions, verdict.contributions))
      }
    }
  }

  @Test func levelsAreFollowed() {
    var tracker = LevelTracker(rate: 0.05, deviations: [0.8, nil])
    let found = fixture.course.map { tracker.take([Float($0), 7]) }
    #expect(close(found.map { $0[0] }, fixture.levels) && found.allSatisfy { $0[1] == 0 })
  }

  @Test func eigenvectorsOfAMatrixWithEqualValues() {
    // 3 on the diagonal, 1 elsewhere: eigenvalues 5, 2, 2.
    let found = SymmetricEigen([3, 1, 1, 1, 3, 1, 1, 1, 3], size: 3)
    #expect(close(found.values, [5, 2, 2], 1e-12))
    let first = Array(found.vectors.prefix(3))
    #expect(close(first, [Double](repeating: 1 / 3.0.squareRoot(), count: 3), 1e-12))
    let product = (0..<3).reduce(0) { $0 + found.vectors[3 + $1] * found.vectors[6 + $1] }
    #expect(abs(product) < 1e-12)
  }
}
