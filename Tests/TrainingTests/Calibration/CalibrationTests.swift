import Foundation
import Testing
import Training

/// Values of SciPy and scikit-learn; see Scripts/reference/calibration_fixtures.py.
struct CalibrationTests {
  struct Fixture: Decodable {
    struct Temperature: Decodable { var logits: [Float], truth: [Int], temperature: Double }
    struct Platt: Decodable {
      var logits: [Float], positive: [Bool], likelihood: [Double], smoothed: [Double], temperature: [Double]
    }
    struct Isotonic: Decodable { var scores: [Float], targets: [Double], at: [Double], values: [Double] }
    struct Entropies: Decodable { var p: [[Float]], entropy: [Double], scipy: [Double] }
    var temperature: Temperature, platt: Platt, isotonic: Isotonic, entropies: Entropies

    static func read() throws -> Fixture {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/Calibration/calibration.json")
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path.standardized))
    }
  }

  @Test func temperatureAsSciPyAndAsDrawn() throws {
    let f = try Fixture.read().temperature
    let scaling = TemperatureScaling.fit(logits: f.logits, classes: 4, truth: f.truth)
    #expect(near(scaling.temperature, f.temperature, 1e-6))
    #expect(abs(scaling.temperature - 2.5) < 0.3)
    // Calibrated probabilities are nearer to the truth than the raw ones.
    let raw = TemperatureScaling().probabilities(f.logits, classes: 4)
    let calibrated = scaling.probabilities(f.logits, classes: 4)
    let before = try #require(Metrics.expectedCalibrationError(raw, classes: 4, truth: f.truth))
    let after = try #require(Metrics.expectedCalibrationError(calibrated, classes: 4, truth: f.truth))
    #expect(before > 0.1 && after < 0.06)
    #expect(Metrics.argmax(raw, classes: 4) == Metrics.argmax(calibrated, classes: 4))
    #expect(near(calibrated[0..<4].reduce(0.0) { $0 + Double($1) }, 1, 1e-6))
  }

  @Test func temperatureOfDataThatDoNotDecide() {
    #expect(TemperatureScaling.fit(logits: [], classes: 3, truth: []).temperature == 1)
    #expect(TemperatureScaling.fit(logits: [.nan, 1], classes: 2, truth: [0]).temperature == 1)
    #expect(TemperatureScaling.fit(logits: [5, 0, 0, 5], classes: 2, truth: [0, 1]).temperature == 0.05)
    #expect(TemperatureScaling.fit(logits: [5, 0, 0, 5], classes: 2, truth: [1, 0]).temperature == 20)
    let huge = TemperatureScaling.fit(logits: [3e38, -3e38, 1, 0], classes: 2, truth: [0, 1])
    #expect(huge.temperature.isFinite)
    #expect(TemperatureScaling(temperature: 0.05).probabilities([3e38, -3e38], classes: 2) == [1, 0])
  }

  @Test func plattAsSciPy() throws {
    let f = try Fixture.read().platt
    for (form, expected) in [(PlattScaling.Form.likelihood, f.likelihood), (.smoothed, f.smoothed)] {
      let scaling = PlattScaling.fit(logits: f.logits, positive: f.positive, form: form)
      #expect(near(scaling.slope, expected[0], 1e-5) && near(scaling.offset, expected[1], 1e-5), "\(form)")
    }
    let temperature = PlattScaling.fit(logits: f.logits, positive: f.positive, form: .temperature)
    #expect(near(temperature.slope, f.temperature[0], 1e-5) && temperature.offset == 0)
    #expect(near(PlattScaling(slope: 0.5, offset: -1).probability(3), 1 / (1 + exp(-0.5)), 1e-12))
  }

  @Test func plattStaysFinite() {
    let parted = PlattScaling.fit(logits: [-2, -1, 1, 2], positive: [false, false, true, true])
    #expect(parted.slope > 0 && parted.slope.isFinite && parted.probability(1) > 0.5)
    let oneKind = PlattScaling.fit(logits: [1, 2, 3], positive: [false, false, false])
    #expect(oneKind.slope.isFinite && near(oneKind.probability(2), 0.2, 1e-6))
    let flat = PlattScaling.fit(logits: [1, 1, 1, 1], positive: [true, false, true, true])
    #expect(near(flat.probability(1), (3 * 0.8 + 1.0 / 3) / 4, 1e-6))
    #expect(PlattScaling.fit(logits: [.infinity, .nan], positive: [true, false]) == PlattScaling())
    #expect(PlattScaling(slope: 1).probability(-2000) == 0 && PlattScaling(slope: 1).probability(2000) == 1)
  }

  @Test func isotonicAsScikitLearn() throws {
    let f = try Fixture.read().isotonic
    let curve = try #require(IsotonicRegression.fit(scores: f.scores, targets: f.targets))
    for (score, value) in zip(f.at, f.values) {
      #expect(near(curve.value(at: score), value, 1e-6), "\(score)")
    }
    #expect(zip(curve.values, curve.values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(IsotonicRegression.fit(scores: f.scores, positive: f.targets.map { $0 == 1 }) == curve)
    #expect(IsotonicRegression.fit(scores: [.nan], targets: [1]) == nil)
    #expect(curve.value(at: .nan) == nil)
  }

  @Test func thresholdsKeepTheirShares() throws {
    // 20 positives at 0.05 … 1.00, 20 negatives at 0.00 … 0.95.
    let p = (1...20).map { Float($0) / 20 } + (0..<20).map { Float($0) / 20 }
    let positive = (0..<40).map { $0 < 20 }
    let fitted = try #require(
      ThreeStateThresholds.fit(p, positive: positive, sensitivity: 0.9, specificity: 0.8))
    let detected = zip(p, positive).count { $1 && Double($0) >= fitted.absentBelow }
    let cleared = zip(p, positive).count { !$1 && Double($0) < fitted.presentFrom }
    #expect(detected == 18 && cleared == 16)
    #expect(
      fitted.absentBelow == Double(Float(0.15)) && fitted.presentFrom > 0.75 && fitted.presentFrom < 0.7501)
    #expect(fitted.state(0.1) == .absent && fitted.state(0.5) == .uncertain && fitted.state(0.9) == .present)
    #expect(fitted.state(.nan) == .uncertain)
  }

  @Test func partedLabelsLeaveNothingUncertain() throws {
    let fitted = try #require(
      ThreeStateThresholds.fit([0.1, 0.2, 0.8, 0.9], positive: [false, false, true, true]))
    #expect(fitted.absentBelow == fitted.presentFrom && near(fitted.presentFrom, 0.5, 1e-6))
    #expect(ThreeStateThresholds.fit([0.1, 0.2], positive: [true, true]) == nil)
    #expect(ThreeStateThresholds.fit([0.1, .nan], positive: [true, false]) == nil)
  }

  /// Doubling the odds of a prevalence of 10 % gives 2/11; rare findings and common ones meet the limits.
  @Test func suspicionDoublesTheOdds() {
    #expect(near(ThreeStateThresholds.suspicion(prevalence: 0.1), 2.0 / 11, 1e-9))
    #expect(ThreeStateThresholds.suspicion(prevalence: 0.01) == 0.15)
    #expect(ThreeStateThresholds.suspicion(prevalence: 0.6) == 0.3)
    #expect(ThreeStateThresholds.suspicion(prevalence: 1) == 0.3)
    let weak = ThreeStateThresholds(absentBelow: 0.01, presentFrom: 0.2).bounded(prevalence: 0.1)
    #expect(near(weak.absentBelow, 2.0 / 11, 1e-9) && weak.presentFrom == 0.5)
    #expect(weak.state(0.12) == .absent && weak.state(0.2) == .uncertain && weak.state(0.5) == .present)
    let parted = ThreeStateThresholds(absentBelow: 0.8, presentFrom: 0.8).bounded(prevalence: 0.5)
    #expect(parted.absentBelow == 0.5 && parted.presentFrom == 0.8)
  }

  @Test func ratesAreCounted() throws {
    let thresholds = ThreeStateThresholds(absentBelow: 0.2, presentFrom: 0.5)
    let rates = StateRates(
      [0.1, 0.3, 0.6, 0.9, 0.1, 0.1, 0.3, 0.7],
      positive: [true, true, true, true, false, false, false, false],
      thresholds: thresholds)
    #expect(rates.positives == 4 && rates.negatives == 4)
    #expect(rates.sensitivity == 0.75 && rates.found == 0.5 && rates.isWeak)
    #expect(rates.specificity == 0.75 && rates.cleared == 0.5)
    let none = StateRates([0.1, 0.6], positive: [false, false], thresholds: thresholds)
    #expect(none.sensitivity == nil && none.found == nil && none.specificity == 0.5 && !none.isWeak)
    #expect(try JSONDecoder().decode(StateRates.self, from: JSONEncoder().encode(none)) == none)
  }

  @Test func entropyAsSciPy() throws {
    let f = try Fixture.read().entropies
    for (p, (own, scipy)) in zip(f.p, zip(f.entropy, f.scipy)) {
      #expect(
        near(EntropyAbstention.entropy(p), own, 1e-9) && near(EntropyAbstention.entropy(p), scipy, 1e-6))
    }
    #expect(EntropyAbstention.entropy([1, 0, 0]) == 0 && near(EntropyAbstention.entropy([0.5, 0.5]), 1))
  }

  /// 39 right predictions: the quantile of 5 % is the 38th of their entropies.
  @Test func abstentionKeepsItsChance() {
    let sure = (0..<39).map { 0.51 + Float($0) / 100 }
    let rows: [Float] = sure.flatMap { (p: Float) -> [Float] in [p, 1 - p] } + [0.1, 0.9]
    let fitted = EntropyAbstention.fit(rows, classes: 2, truth: [Int](repeating: 0, count: 40))
    #expect(sure.map { fitted.abstains([$0, 1 - $0]) } == [true] + [Bool](repeating: false, count: 38))
    #expect(fitted.abstains([.nan, .nan]))
    #expect(EntropyAbstention.fit([0.9, 0.1], classes: 2, truth: [0]).threshold == 1)
  }

  @Test func fitsAreKeptAsJSON() throws {
    struct Kept: Codable, Equatable {
      var temperature = TemperatureScaling(temperature: 1.7)
      var platt = PlattScaling(slope: 0.3, offset: -2)
      var isotonic = IsotonicRegression.fit(scores: [1, 2, 3], targets: [0, 1, 1])
      var thresholds = ThreeStateThresholds(absentBelow: 0.2, presentFrom: 0.6)
      var abstention = EntropyAbstention(threshold: 0.4)
    }
    #expect(try JSONDecoder().decode(Kept.self, from: JSONEncoder().encode(Kept())) == Kept())
  }
}
