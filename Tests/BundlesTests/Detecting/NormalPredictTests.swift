import Bundles
import Faults
import Files
import Foundation
import Testing

@Suite("Predicting without a bundle, from a normal period")
struct NormalPredictTests {
  /// 600 rows, hot from row 501 on.
  private static let hot = TinyMachine.readings(600, fault: "hot", onset: 501, seed: 77)

  private func predict(
    _ path: String, _ answerer: Answerer, learned: (@Sendable (NormalDetector) throws -> Void)? = nil,
    opened: @escaping @Sendable (PredictJob.Opening) -> Void = { _ in }
  ) throws -> (lines: [FaultPrediction], summary: PredictJob.Summary) {
    var options = PredictJob.Options(path: path)
    options.threads = 2
    var lines: [FaultPrediction] = []
    let summary = try PredictJob(options, by: answerer, opened: opened, learned: learned).run { lines += $0 }
    return (lines, summary)
  }

  private func normal(_ text: String, _ settings: DetectorSettings = DetectorSettings()) throws -> Answerer {
    .normal(try #require(NormalPeriod(text)), settings)
  }

  private func inPlant<Value>(
    _ text: String = TinyMachine.csv(hot), _ body: (_ path: String, _ folder: String) throws -> Value
  ) throws -> Value {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try body(path, folder)
    }
  }

  @Test func everyRowAfterTheFirstIsJudged() throws {
    let (lines, summary) = try inPlant { path, _ in try predict(path, normal("400")) }
    #expect(lines.map(\.row) == Array(401...600))
    #expect(lines.first?.time == "2024-01-01T06:40:00")
    #expect(Double(lines.prefix(100).count { $0.alarm }) <= 6)
    let faulty = lines.suffix(90)
    #expect(faulty.allSatisfy { $0.alarm && $0.fault == "unlike normal" && ($0.probability ?? 0) > 0.98 })
    #expect(faulty.allSatisfy { $0.contributions.max { $0.share < $1.share }?.sensor == "temperature" })
    #expect((501...503).contains(summary.firstAlarm?.row ?? 0) || summary.alarms > 100)
    #expect(
      lines.allSatisfy {
        $0.alarm == ($0.fault == "unlike normal") && $0.entropy == nil && $0.remaining == nil
      })
    #expect(lines.allSatisfy { abs($0.contributions.reduce(0) { $0 + $1.share } - 1) < 1e-9 })
  }

  @Test(arguments: ["101..400", "2024-01-01T01:40..2024-01-01T06:39:00"])
  func rowsBeforeThePeriodAreJudgedToo(period: String) throws {
    let (lines, _) = try inPlant { path, _ in try predict(path, normal(period)) }
    #expect(lines.map(\.row) == Array(16...100) + Array(401...600))
  }

  @Test(arguments: ["dd/mm/yyyy", "epoch", "number"])
  func timesAreReadAsTheRecordingWritesThem(format: String) throws {
    func time(_ row: Int) -> String {
      switch format {
      case "epoch": "\(1_700_000_000 + 60 * row)"
      case "number": "\(Double(row) / 2)"
      default: String(format: "%02d/03/2024 %02d:%02d:00", 25 + row / 1440, row / 60 % 24, row % 60)
      }
    }
    let lines = TinyMachine.csv(Self.hot).split(separator: "\n").enumerated().map { place, line -> String in
      guard place > 0, let comma = line.firstIndex(of: ",") else { return String(line) }
      return time(place) + String(line[comma...])
    }
    let text = lines.joined(separator: "\n")
    // An epoch's seconds are whole numbers, which would be rows: they are written with a decimal point.
    let period = format == "epoch" ? "\(time(1)).0..\(time(300)).0" : "\(time(1))..\(time(300))"
    let (judged, _) = try inPlant(text) { path, _ in try predict(path, normal(period)) }
    #expect(judged.map(\.row) == Array(301...600))
  }

  @Test func aSavedDetectorGivesTheSameLines() throws {
    try inPlant { path, folder in
      let file = folder + "/plant.detector"
      let (lines, _) = try predict(path, normal("400")) { try DetectorFile.write($0, to: file) }
      let detector = try DetectorFile.read(file)
      #expect(detector.rows == 400)
      let again = try predict(path, .detector(detector)).lines
      #expect(again.map(\.row) == Array(16...600))
      #expect(again.filter { $0.row > 400 }.map(\.json) == lines.map(\.json))
      // Columns in another order, and one that is missing.
      try TinyMachine.csv(Self.hot, order: [2, 0, 1]).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try predict(path, .detector(detector)).lines.map(\.json) == again.map(\.json))
      try TinyMachine.csv(Self.hot, order: [0, 1]).write(toFile: path, atomically: true, encoding: .utf8)
      let less = try predict(path, .detector(detector)).lines.suffix(90)
      #expect(less.allSatisfy { $0.alarm && $0.contributions.count == 3 })
      try TinyMachine.csv(Self.hot, order: [1]).write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: BundleError.self) { try predict(path, .detector(detector)) }
      #expect(
        error?.description.contains("temperature") == true
          && error?.description.contains("--detector") == true)
    }
  }

  @Test func aPeriodThatIsTheWholeRecordingIsOnlyKept() throws {
    try inPlant { path, folder in
      let file = folder + "/plant.detector"
      let (lines, summary) = try predict(path, normal("600")) { try DetectorFile.write($0, to: file) }
      #expect(lines.isEmpty && summary.windows == 0 && FileManager.default.fileExists(atPath: file))
      #expect(throws: (any Error).self) { try predict(path, normal("600")) }
    }
  }

  @Test(arguments: [
    ("30", "at least 64"), ("700", "ends at row 600"), ("2030-01-01..2030-02-01", "holds no row"),
    ("yesterday..today", "is no time"), ("2024-01-02..2024-01-01", "before it begins"),
  ])
  func whatCannotBeLearnedFromIsRefused(period: String, word: String) throws {
    try inPlant { path, _ in
      let error = #expect(throws: BundleError.self) { try predict(path, normal(period)) }
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }
  }

  @Test func timesOfARecordingWithoutAreRefused() throws {
    let text = TinyMachine.csv(Self.hot).split(separator: "\n").map {
      $0.split(separator: ",").dropFirst().joined(separator: ",")
    }
    .joined(separator: "\n")
    try inPlant(text) { path, _ in
      let error = #expect(throws: BundleError.self) { try predict(path, normal("2024-01-01..2024-01-02")) }
      #expect(error?.description.contains("no time column") == true)
    }
  }

  @Test func periodsAreReadOrRefused() {
    #expect(NormalPeriod("400") == .rows(1...400) && NormalPeriod("101..500") == .rows(101...500))
    #expect(NormalPeriod(" 5 .. 9 ") == .rows(5...9))
    #expect(NormalPeriod("0.5..9.5") == .times(from: "0.5", to: "9.5"))
    for text in ["0", "-3", "9..5", "0..5", "a", "..", "4..", ""] {
      #expect(NormalPeriod(text) == nil, "\(text)")
    }
  }

  @Test func damagedAndNewerFilesAreRefused() throws {
    try inPlant { path, folder in
      let file = folder + "/plant.detector"
      _ = try predict(path, normal("400")) { try DetectorFile.write($0, to: file) }
      let whole = try String(contentsOfFile: file, encoding: .utf8)
      for (text, word) in [
        (String(whole.prefix(whole.count / 2)), "damaged"), ("{}", "no detector"), ("plant", "no detector"),
        (whole.replacingOccurrences(of: "\"braidDetector\":1", with: "\"braidDetector\":7"), "version 7"),
        (whole.replacingOccurrences(of: "\"watched\":[0,1,2]", with: "\"watched\":[0,1,9]"), "damaged"),
        (whole.replacingOccurrences(of: "\"size\":3", with: "\"size\":4"), "damaged"),
      ] {
        #expect(text != whole)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: BundleError.self) { try DetectorFile.read(file) }
        #expect(error?.description.contains(word) == true, "\(word): \(error?.description ?? "")")
      }
      #expect(throws: BundleError.self) { try DetectorFile.read(folder + "/none") }
    }
  }
}
