import ArgumentParser
import Bundles
import Faults

/// A detector that knows normal operation alone, in place of a bundle.
struct NormalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Learn normal operation from a part of the recording, without a bundle: its first rows (400), other rows \
      (101..500) or times (2024-03-01T00:00..2024-03-02T12:00). All other rows are judged, each for itself; those that \
      were learned from are not.
      """, valueName: "period"))
  var normal: String?
  @Option(
    help: ArgumentHelp("With --normal: share of normal rows that may alarm (default: 1%).", valueName: "rate")
  )
  var falseAlarms: String?
  @Option(help: "With --normal: write what was learned to a file.")
  var saveDetector: String?
  @Option(help: "Judge by what --save-detector wrote.")
  var detector: String?
  @Option(
    help: "With --normal: rows of the longest mean that is looked at beside the row itself (default: 16).")
  var detectorWindow: Int?
  @Option(
    help: ArgumentHelp(
      """
      With --normal: which of t2, q (principal components) and distance (both at once) count, parted by commas \
      (default: distance).
      """, valueName: "names"))
  var statistics: String?
  @Option(
    help: """
      With --normal: by which share of a deviation the level of a sensor moves a row, where it wanders in the normal \
      period; 0: none moves (default: 0.01).
      """)
  var levelRate: Double?

  /// Whether a detector answers.
  var isAsked: Bool { normal != nil || detector != nil }

  func validate() throws {
    if normal != nil && detector != nil {
      throw ValidationError("--normal learns a detector and --detector reads one: name one of them.")
    }
    if normal == nil {
      for (name, isGiven) in [
        ("--false-alarms", falseAlarms != nil), ("--save-detector", saveDetector != nil),
        ("--detector-window", detectorWindow != nil), ("--statistics", statistics != nil),
        ("--level-rate", levelRate != nil),
      ] where isGiven { throw ValidationError("\(name) belongs to --normal.") }
      return
    }
    _ = try period()
    if let problem = try settings().problems.first { throw ValidationError(problem) }
  }

  /// Who answers; nil where a bundle does.
  func answerer() throws -> Answerer? {
    if let detector { return .detector(try DetectorFile.read(detector)) }
    return normal == nil ? nil : .normal(try period(), try settings())
  }

  /// Writes what was learned where `--save-detector` says; nil without it.
  var keeper: (@Sendable (NormalDetector) throws -> Void)? {
    guard let saveDetector else { return nil }
    return { try DetectorFile.write($0, to: saveDetector) }
  }

  private func period() throws -> NormalPeriod {
    guard let period = NormalPeriod(normal ?? "") else {
      throw ValidationError(
        "--normal (\(normal ?? "")) must be a number of rows (400), rows (101..500) or times "
          + "(2024-03-01T00:00..2024-03-02T12:00).")
    }
    return period
  }

  private func settings() throws -> DetectorSettings {
    var settings = DetectorSettings()
    if let falseAlarms {
      let isPercent = falseAlarms.hasSuffix("%")
      guard let value = Double(isPercent ? falseAlarms.dropLast() : falseAlarms[...]) else {
        throw ValidationError("--false-alarms (\(falseAlarms)) must be a share, such as 1% or 0.01.")
      }
      settings.falseAlarms = isPercent ? value / 100 : value
    }
    settings.window = detectorWindow ?? settings.window
    settings.levelRate = levelRate ?? settings.levelRate
    if let statistics {
      settings.statistics = try statistics.split(separator: ",").map { name in
        guard let found = DetectionStatistic(rawValue: name.lowercased()) else {
          throw ValidationError("--statistics (\(name)) must be t2, q or distance.")
        }
        return found
      }
    }
    return settings
  }
}
