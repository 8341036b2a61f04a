import Foundation
import Layers
import Testing
import Training

/// Values of NumPy; see Scripts/reference/conformal_fixtures.py.
@Suite("Conformal intervals")
struct ConformalIntervalTests {
  private struct Fixture: Decodable {
    var predicted: [Float], truth: [Float], edges: [Double], below: [Double], above: [Double]
    var asked: [Double], bounds: [[Double]]

    static func read() throws -> Fixture {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/Calibration/conformal.json")
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
    }
  }

  @Test("As NumPy has them, by ranges of the prediction")
  func asNumPy() throws {
    let f = try Fixture.read()
    let fitted = try #require(
      ConformalInterval.fit(f.predicted, truth: f.truth, groups: f.truth.map { _ in nil }))
    #expect(fitted.edges.count == 3 && fitted.isPositive && fitted.rows == 420)
    for (mine, other) in [(fitted.edges, f.edges), (fitted.below, f.below), (fitted.above, f.above)] {
      #expect(zip(mine, other).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    for (value, bounds) in zip(f.asked, f.bounds) {
      let found = fitted.bounds(value)
      #expect(abs(found.low - bounds[0]) < 1e-4 && abs(found.high - bounds[1]) < 1e-4)
    }
  }

  /// Ten rows a machine, the error as wide as a tenth of the prediction.
  private func drawn(_ count: Int, seed: UInt64) -> (predicted: [Float], truth: [Float], groups: [String?]) {
    var rng = SeededGenerator(seed: seed)
    let predicted = (0..<count).map { _ in 10 + 100 * rng.uniform() }
    return (
      predicted, predicted.map { $0 + $0 / 10 * rng.normal() }, (0..<count).map { "machine \($0 / 10)" }
    )
  }

  @Test("Fresh rows lie inside as often as promised, in every range", arguments: [0.8, 0.9])
  func covers(_ level: Double) throws {
    let known = drawn(2000, seed: 1), fresh = drawn(20_000, seed: 2)
    let fitted = try #require(
      ConformalInterval.fit(known.predicted, truth: known.truth, groups: known.groups, level: level))
    let score = try #require(fitted.score(fresh.predicted, truth: fresh.truth))
    #expect(abs(score.share - level) < 0.02)
    #expect(abs(try #require(fitted.coverage) - level) < 0.03)
    #expect(fitted.edges.count == 4)
    for range in 0...4 {
      let low = range == 0 ? 0 : fitted.edges[range - 1], high = range == 4 ? .infinity : fitted.edges[range]
      let rows = fresh.predicted.indices.filter {
        low <= Double(fresh.predicted[$0]) && Double(fresh.predicted[$0]) < high
      }
      let part = try #require(
        fitted.score(rows.map { fresh.predicted[$0] }, truth: rows.map { fresh.truth[$0] }))
      #expect(abs(part.share - level) < 0.04)
    }
    // Small numbers have small errors.
    let near = fitted.bounds(15), far = fitted.bounds(105)
    #expect(near.high - near.low < 0.5 * (far.high - far.low))
  }

  @Test("Whole groups are held out: what every machine brings of its own is not known before")
  func groups() throws {
    // Each of ten machines lies off by its own amount, all its rows alike.
    let offsets: [Float] = [-40, 30, -20, 10, 0, 5, -10, 20, -30, 40]
    let predicted = (0..<1000).map { Float(50 + $0 % 50) }
    let truth = predicted.indices.map { predicted[$0] + offsets[$0 / 100] }
    let known = try #require(
      ConformalInterval.fit(predicted, truth: truth, groups: (0..<1000).map { "\($0 / 100)" }))
    let rows = try #require(
      ConformalInterval.fit(predicted, truth: truth, groups: predicted.map { _ in nil }))
    #expect(try #require(rows.coverage) > 0.88)
    #expect(try #require(known.coverage) < 0.85)
    #expect(
      ConformalInterval.fit(predicted, truth: truth, groups: predicted.map { _ in "one" })?.coverage == nil)
  }

  @Test("Too few rows, or numbers that are none, give no interval; negative truths may")
  func limits() {
    func fit(_ count: Int, _ value: Float = 1) -> ConformalInterval? {
      ConformalInterval.fit(
        (0..<count).map { Float($0) }, truth: (0..<count).map { Float($0) * value },
        groups: (0..<count).map { _ in nil })
    }
    #expect(fit(0) == nil && fit(18) == nil && fit(19) != nil && fit(30, .nan) == nil)
    #expect(fit(30)?.isPositive == true && fit(30, -1)?.isPositive == false)
    #expect(fit(30)?.bounds(-5).low == 0)
  }
}
