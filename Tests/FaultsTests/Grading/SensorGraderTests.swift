import Decoders
import Faults
import Foundation
import Testing

@Suite struct SensorGraderTests {
  /// Numbers that are the same on every run.
  private struct Noise {
    var state: UInt64 = 7

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
      return (Double((mixed ^ (mixed >> 33)) >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Standard normal (Box and Muller 1958).
    mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  }

  private static let rows = 6000

  /// A slow wave of amplitude 10 with noise of deviation 0.5, changed by `change`.
  private func recording(_ change: (_ row: Int, _ value: Double, _ noise: Double) -> Double) throws
    -> RecordingGrade
  {
    var noise = Noise(), text = "time_s,x\n"
    for row in 0..<Self.rows {
      let random = noise.normal()
      let value = change(row, 50 + 10 * sin(Double(row) / 60) + 0.5 * random, random)
      text += "\(row),\(value.isNaN ? "" : String(format: "%.4f", value))\n"
    }
    return try grade(text)
  }

  private func grade(_ text: String) throws -> RecordingGrade {
    let path = NSTemporaryDirectory() + "braid-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try SensorGrader.grade(path: path)
  }

  @Test func healthySensor() throws {
    let grades = try recording { _, value, _ in value }
    let sensor = try #require(grades.sensors.first)
    #expect(sensor.grade == .a && sensor.verdict == "good" && sensor.findings.isEmpty)
    #expect(sensor.points == 100)
    #expect(grades.rows == Self.rows && grades.refusedRows == 0)
    #expect(grades.time?.grade == .a)
    #expect(grades.time?.interval == 1)
    let figures = sensor.figures
    #expect(abs((figures.noise ?? 0) - 0.5) < 0.03)
    #expect(abs((figures.mean ?? 0) - 50) < 0.3)
    #expect(abs((figures.deviation ?? 0) - (50 + 0.25).squareRoot()) < 0.15)
    #expect(abs((figures.median ?? 0) - 50) < 1)
    #expect(abs((figures.lowest ?? 0) - 39.9) < 0.5 && abs((figures.highest ?? 0) - 60.1) < 0.5)
  }

  @Test func deadSensors() throws {
    for (change, code) in [
      ({ _, _, _ in 4.5 }, .constant), ({ row, _, _ in row < 5900 ? Double.nan : 1.5 }, .missing),
    ]
      as [((Int, Double, Double) -> Double, GradeFinding.Code)]
    {
      let sensor = try #require(recording(change).sensors.first)
      #expect(sensor.grade == .f && sensor.verdict == "dead")
      #expect(sensor.findings.contains { $0.code == code })
    }
    let empty = try #require(grade("time,x,y\n1,,2\n2,,3\n3,,5\n").sensors.first)
    #expect(empty.grade == .f && empty.findings.map(\.code) == [.empty])
  }

  @Test(arguments: [(0.004, Grade.a), (0.05, .b), (0.2, .c), (0.5, .d)])
  func missingValues(share: Double, grade: Grade) throws {
    var random = Noise(state: 99)
    let sensor = try #require(
      recording { _, value, _ in random.uniform() < share ? .nan : value }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.missing])
    #expect(abs(sensor.findings[0].value - share) < 0.02)
    #expect(sensor.grade == grade)
  }

  @Test func stuckSensor() throws {
    let sensor = try #require(
      recording { row, value, _ in (2000..<3200).contains(row) ? 51.25 : value }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.stuck])
    #expect(sensor.figures.longestRun == 1200 && sensor.figures.longestRunStart == 2001)
    #expect(sensor.grade >= .c)
  }

  @Test func heldValuesAreNotStuck() throws {
    var last = 0.0
    let sensor = try #require(
      recording { row, value, _ in
        if row % 5 == 0 { last = value }
        return last
      }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.held])
    #expect(abs(sensor.findings[0].value - 5) < 0.05)
    #expect(sensor.grade <= .b)
  }

  @Test func spikes() throws {
    let sensor = try #require(
      recording { row, value, _ in row % 300 == 150 ? value + 25 : value }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.spikes])
    #expect(sensor.figures.spikes == 20)
  }

  @Test func stepsAreNoSpikes() throws {
    let sensor = try #require(
      recording { row, value, _ in row / 500 % 2 == 0 ? value : value + 40 }.sensors.first)
    #expect(sensor.figures.spikes == 0)
  }

  @Test func clipping() throws {
    let sensor = try #require(recording { _, value, _ in min(value, 56) }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.clipping])
    #expect(sensor.figures.shareAtMaximum > 0.2)
    #expect(sensor.grade >= .c)
  }

  @Test func codesForNoValue() throws {
    let sensor = try #require(recording { row, value, _ in row % 50 < 2 ? -999 : value }.sensors.first)
    #expect(sensor.findings.contains { $0.code == .sentinel && abs($0.value - 0.04) < 0.001 })
    #expect(sensor.findings.first { $0.code == .sentinel }?.reason.contains("-999") ?? false)
  }

  @Test func idleMachines() throws {
    let sensor = try #require(recording { row, value, _ in row < 2500 ? 0 : value }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.idle])
    #expect(sensor.grade == .a)
  }

  @Test func coarseSteps() throws {
    let sensor = try #require(recording { _, value, _ in value.rounded() }.sensors.first)
    #expect(sensor.findings.contains { $0.code == .quantised })
    #expect(sensor.figures.step == 1)
  }

  @Test func drift() throws {
    let sensor = try #require(recording { row, value, noise in 20 + Double(row) / 300 + noise }.sensors.first)
    #expect(sensor.findings.map(\.code) == [.drift])
    #expect(abs((sensor.figures.drift ?? 0) - 20) < 0.6)
  }

  @Test func switchesAreStates() throws {
    let sensor = try #require(recording { row, _, _ in Double(row / 700 % 2) }.sensors.first)
    #expect(sensor.grade == .a && sensor.findings.isEmpty)
  }

  @Test func twins() throws {
    var noise = Noise(), text = "a,b,c,d\n"
    for row in 0..<3000 {
      let a = sin(Double(row) / 50) + 0.3 * noise.normal()
      text +=
        "\(a),\(-3 * a + 7 + 0.001 * noise.normal()),\(a + 0.2 * noise.normal()),\(row % 9 == 0 ? "" : String(2 * a))\n"
    }
    let grades = try grade(text)
    #expect(grades.twins.map { [$0.first, $0.second] } == [["a", "b"], ["a", "d"], ["b", "d"]])
    #expect((grades.twins.first?.correlation ?? 0) < -0.999)
    #expect(grades.sensors[1].findings.contains { $0.code == .twin && $0.reason.contains("a") })
    #expect(grades.sensors[2].findings.isEmpty)
  }

  @Test func time() throws {
    var seconds: [Int] = Array(0..<2000)
    seconds.removeSubrange(500..<510)
    seconds.removeSubrange(1000..<1001)
    seconds[1200] = seconds[1199]
    seconds[1500] = seconds[1499] - 100
    var noise = Noise()
    let text =
      "timestamp,x\n" + seconds.map { "\(1_600_000_000 + $0),\(noise.normal())\n" }.joined() + "soon,1\n"
    let grade = try #require(grade(text).time)
    #expect(grade.interval == 1 && grade.jitter == 0)
    // Two rows are cut out, the doubled second leaves one of two, and time leaps ahead after going back.
    #expect(grade.gaps == 4)
    #expect(grade.longestGap == 102)
    #expect(grade.duplicates == 1 && grade.backwards == 1 && grade.unreadable == 1)
    #expect(Set(grade.findings.map(\.code)) == [.gaps, .duplicates, .backwards, .unreadable])
    #expect(grade.grade < .f)
  }

  @Test func irregularTime() throws {
    var noise = Noise(), clock = 0.0, text = "time,x\n"
    for row in 0..<2000 {
      clock += 0.5 + noise.uniform()
      text += "\(clock),\(row % 7)\n"
    }
    let grade = try #require(grade(text).time)
    #expect(grade.findings.contains { $0.code == .irregular })
    #expect(abs((grade.jitter ?? 0) - 0.25) < 0.03)
  }

  @Test func portionsDoNotMatter() throws {
    var noise = Noise(), values: [Float] = []
    for row in 0..<5000 { values.append(Float(row % 97 == 5 ? 30 : noise.normal())) }
    let path = NSTemporaryDirectory() + "braid-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(("x\n" + values.map { "\($0)\n" }.joined()).utf8).write(to: URL(fileURLWithPath: path))
    let whole = try SensorGrader.grade(path: path)
    var reader = try SensorReader(path: path), grader = SensorGrader(header: reader.header)
    while let series = try reader.next(13) { grader.add(series) }
    #expect(grader.grades(path: path) == whole)
    #expect(whole.sensors[0].figures.spikes == 52)
  }

  @Test func tableAndJSON() throws {
    let grades = try recording { row, value, _ in (2000..<3200).contains(row) ? 51.25 : value }
    let table = grades.table
    #expect(table.contains("6000 rows"))
    #expect(table.contains("stands still for 1200 rows from row 2001"))
    let decoded = try JSONDecoder().decode(RecordingGrade.self, from: JSONEncoder().encode(grades))
    #expect(decoded == grades)
  }
}
