import Bundles
import Foundation

/// A machine with three sensors and two faults, its recordings and a bundle trained on them, made once a run.
///
/// Healthy readings are noise around a level; `hot` raises the temperature, `shaking` spreads the vibration.
enum TinyMachine {
  static let sensors = ["temperature", "vibration", "pressure"]
  static let levels: [Double] = [50, 2, 5]
  static let noise: [Double] = [1, 0.2, 0.1]
  /// Rows of a window and from one to the next.
  static let rows = 20, stride = 5

  /// Numbers that look random and are always the same.
  struct Dice {
    var state: UInt64
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    /// About normal, by the sum of twelve.
    mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
  }

  /// Readings `[row][sensor]`, `fault` from row `onset` (1-based) on.
  static func readings(_ count: Int, fault: String, onset: Int = 1, seed: UInt64) -> [[Double]] {
    var dice = Dice(state: seed &* 7919 &+ 17)
    for _ in 0..<10 { _ = dice.uniform() }
    return (1...count).map { row in
      var values = sensors.indices.map { levels[$0] + noise[$0] * dice.normal() }
      guard row >= onset else { return values }
      if fault == "hot" { values[0] += 6 }
      if fault == "shaking" { values[1] += 5 * noise[1] * (dice.uniform() < 0.5 ? -1 : 1) }
      return values
    }
  }

  /// A CSV with a clock in the first column, the sensors in the order given.
  static func csv(_ readings: [[Double]], order: [Int] = [0, 1, 2]) -> String {
    var lines = [(["time"] + order.map { sensors[$0] }).joined(separator: ",")]
    for (place, row) in readings.enumerated() {
      let clock = String(format: "2024-01-01T%02d:%02d:00", place / 60, place % 60)
      lines.append(([clock] + order.map { String(format: "%.4f", row[$0]) }).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Folder of a trained bundle.
  static let bundlePath: Result<String, any Error> = Result {
    let folder = NSTemporaryDirectory() + "braid-tiny-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var manifest = ["id,split,group,label,series,start,end"]
    let faults = ["healthy", "hot", "shaking"]
    for (index, fault) in faults.enumerated() {
      for (part, split) in ["train", "train", "train", "val"].enumerated() {
        let name = "\(fault)-\(part)"
        let readings = readings(160, fault: fault, seed: UInt64(10 * index + part))
        try csv(readings).write(toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
        for start in Swift.stride(from: 1, through: 160 - rows + 1, by: stride) {
          manifest.append(
            "\(name)-\(start),\(split),\(name),\(fault),\(name).csv,\(start),\(start + rows - 1)")
        }
      }
    }
    try (manifest.joined(separator: "\n") + "\n").write(
      toFile: folder + "/manifest.csv", atomically: true, encoding: .utf8)
    try """
    label,text
    healthy,"All is well."
    hot,"The machine runs hot."
    shaking,"The machine shakes."

    """.write(toFile: folder + "/labels.csv", atomically: true, encoding: .utf8)
    var options = AlignJob.Options(
      manifest: folder + "/manifest.csv", out: folder + "/tiny.braid", threads: 2)
    (options.epochs, options.force) = (12, true)
    _ = try AlignJob(options) { _, _, _ in }.run()
    return folder + "/tiny.braid"
  }

  static func bundle() throws -> ModelBundle { try ModelBundle(path: bundlePath.get()) }

  /// Runs the body with a fresh folder, which is removed afterwards.
  static func inFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = NSTemporaryDirectory() + "braid-predict-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
