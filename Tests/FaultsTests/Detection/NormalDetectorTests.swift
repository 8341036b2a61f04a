import Decoders
import Faults
import Foundation
import Testing

@Suite("A detector that knows normal operation alone")
struct NormalDetectorTests {
  private static let width = SimulatedPlant.sensors

  /// Verdicts of all rows from the first full window on.
  private func judge(_ detector: NormalDetector, _ values: [Float]) -> [NormalDetector.Verdict?] {
    var tracker = detector.tracker
    let width = Self.width, window = detector.window, rows = values.count / width
    let levels = (0..<rows).flatMap { row in
      tracker.take(values[row * width..<(row + 1) * width]).map { Float($0) }
    }
    return (window - 1..<rows).map { row in
      let part = (row - window + 1) * width..<(row + 1) * width
      return detector.judge(
        Array(values[part]), levels: detector.tracker.isNeeded ? Array(levels[part]) : [])
    }
  }

  private func learned(
    _ values: [Float], _ change: (inout DetectorSettings) -> Void = { _ in }
  ) throws -> NormalDetector {
    var settings = DetectorSettings()
    change(&settings)
    return try NormalDetector(values, channels: SimulatedPlant.channels, settings: settings)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func freshNormalRowsKeepTheStatedRate(seed: UInt64) throws {
    var plant = SimulatedPlant(seed: seed)
    let normal = plant.rows(3000)
    for rate in [0.01, 0.05] {
      let detector = try learned(normal) { $0.falseAlarms = rate }
      // Four deviations of as many independent rows as the rows' memory and the means leave, a tenth.
      let fresh = judge(detector, plant.rows(20_000)).compactMap { $0 }
      let share = Double(fresh.count { $0.isUnlike }) / Double(fresh.count)
      let bound = 4 * (rate * (1 - rate) / (0.1 * Double(normal.count / Self.width))).squareRoot()
      #expect(share < rate + bound && share > 0.3 * rate, "\(rate): \(share)")
    }
  }

  @Test func aSensorThatShiftsAlarmsAndStandsFirst() throws {
    var plant = SimulatedPlant(seed: 4)
    let detector = try learned(plant.rows(600))
    var first = 0, alarms = 0, rows = 0
    for sensor in 0..<Self.width {
      var values = plant.rows(200)
      for row in 60..<200 { values[row * Self.width + sensor] += sensor % 2 == 0 ? 3 : -3 }
      let verdicts = judge(detector, values).dropFirst(60 - detector.window + 1 + detector.window)
      for verdict in verdicts.compactMap({ $0 }) {
        rows += 1
        guard verdict.isUnlike else { continue }
        alarms += 1
        let order = verdict.contributions.indices.sorted {
          verdict.contributions[$0] > verdict.contributions[$1]
        }
        if order[0] == sensor { first += 1 }
      }
    }
    #expect(Double(alarms) > 0.95 * Double(rows), "\(alarms) of \(rows)")
    #expect(Double(first) > 0.9 * Double(alarms), "\(first) of \(alarms)")
  }

  @Test func contributionsAddUpToOne() throws {
    var plant = SimulatedPlant(seed: 5)
    let detector = try learned(plant.rows(400))
    for verdict in judge(detector, plant.rows(50)).compactMap({ $0 }) {
      #expect(abs(verdict.contributions.reduce(0, +) - 1) < 1e-9)
      #expect(verdict.contributions.allSatisfy { $0 >= 0 } && verdict.share > 0 && verdict.share <= 1)
    }
  }

  @Test func wanderingSensorsAreFollowedAndNamed() throws {
    var plant = SimulatedPlant(seed: 6)
    var values = plant.rows(2000)
    // Warms up all the time, by a hundred times its noise.
    for row in 0..<2000 { values[row * Self.width + 2] += Float(row) * 0.05 }
    let detector = try learned(Array(values.prefix(600 * Self.width)))
    #expect(detector.notes.contains { $0.contains("wander") && $0.contains("s3") && !$0.contains("s4") })
    let later = judge(detector, values).dropFirst(600)
    #expect(Double(later.count { $0?.isUnlike == true }) < 0.05 * Double(later.count))
    let standing = try learned(Array(values.prefix(600 * Self.width))) { $0.levelRate = 0 }
    #expect(!standing.tracker.isNeeded)
    #expect(judge(standing, values).suffix(200).allSatisfy { $0?.isUnlike == true })
  }

  @Test func deadAndMissingSensorsAreNotWatched() throws {
    var plant = SimulatedPlant(seed: 7)
    var values = plant.rows(500)
    for row in 0..<500 {
      values[row * Self.width + 1] = 42
      if row % 3 != 0 { values[row * Self.width + 6] = .nan }
    }
    let detector = try learned(values)
    #expect(detector.watched == [0, 2, 3, 4, 5, 7])
    #expect(detector.notes.contains { $0.contains("s2, s7") })
    let verdicts = judge(detector, values).compactMap { $0 }
    #expect(verdicts.allSatisfy { $0.contributions[1] == 0 && $0.contributions[6] == 0 })
  }

  @Test func someGapsDoNoHarm() throws {
    var plant = SimulatedPlant(seed: 8)
    var values = plant.rows(1500)
    for place in values.indices where place % 11 == 3 { values[place] = .nan }
    let detector = try learned(Array(values.prefix(600 * Self.width)))
    #expect(detector.watched.count == Self.width)
    let later = judge(detector, values).dropFirst(600)
    #expect(later.allSatisfy { $0 != nil })
    #expect(Double(later.count { $0?.isUnlike == true }) < 0.05 * Double(later.count))
    // Five of eight sensors gone: nothing can be said.
    for sensor in 0..<5 { values[values.count - Self.width + sensor] = .nan }
    #expect(judge(detector, values).last == .some(nil))
  }

  @Test func shortPeriodsAreRefusedOrSaid() throws {
    var plant = SimulatedPlant(seed: 9)
    #expect(throws: DetectionError.self) { try learned(plant.rows(63)) }
    #expect(try learned(plant.rows(64)).notes.contains { $0.contains("too short for 1 %") })
    #expect(try learned(plant.rows(40)) { $0.window = 4 }.rows == 40)
    let slow = try learned(plant.rows(600, memory: 0.98)).notes
    #expect(slow.contains { $0.contains("hang together") })
    #expect(try !learned(plant.rows(6000, memory: 0)).notes.contains { $0.contains("hang together") })
  }

  @Test func nothingToLearnFromIsRefused() throws {
    #expect(throws: DetectionError.self) {
      try NormalDetector([], channels: [], settings: DetectorSettings())
    }
    #expect(throws: DetectionError.self) {
      try NormalDetector(
        [Float](repeating: 1, count: 200), channels: [Channel(name: "a")], settings: DetectorSettings())
    }
  }

  @Test func oneSensorIsEnough() throws {
    var plant = SimulatedPlant(seed: 10)
    let values = plant.rows(500)
    let column = stride(from: 0, to: values.count, by: Self.width).map { values[$0] }
    let detector = try NormalDetector(column, channels: [Channel(name: "a")], settings: DetectorSettings())
    #expect(detector.judge([Float](repeating: column[0] + 30, count: 16))?.contributions == [1])
    #expect(detector.judge([Float](repeating: column[0] + 30, count: 16))?.isUnlike == true)
  }

  @Test func settingsOutsideTheirRangeAreTold() {
    for change: (inout DetectorSettings) -> Void in [
      { $0.falseAlarms = 0 }, { $0.falseAlarms = 0.6 }, { $0.window = 0 }, { $0.statistics = [] },
      { $0.floor = 0 }, { $0.levelRate = -1 }, { $0.falseAlarms = .nan },
    ] {
      var settings = DetectorSettings()
      change(&settings)
      #expect(settings.problems.count == 1)
    }
    #expect(DetectorSettings().problems.isEmpty && DetectorSettings().scales == [1, 4, 16])
  }
}
