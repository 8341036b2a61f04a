import Foundation

/// What a user should know of a period that a detector learned from.
struct LearningNotes {
  let settings: DetectorSettings
  /// Of held-out rows, in their order.
  let scores: [Double]
  let size: Int
  let rows: Int

  /// Rows for each sensor below which distances are mostly chance.
  private static let rowsASensor = 5

  var sentences: [String] {
    var found: [String] = []
    let percent = LearningNotes.text(100 * settings.falseAlarms)
    let worth = independent
    if Double(scores.count + 1) * settings.falseAlarms < 1 {
      found.append(
        "The normal period is too short for \(percent) % of false alarms: \(scores.count) held-out rows can promise "
          + "\(LearningNotes.text(100 / Double(scores.count + 1))) % at best. Give at least "
          + "\(Int((1 / settings.falseAlarms).rounded(.up)) + 2 * settings.window) rows.")
    } else if worth * settings.falseAlarms < 1 {
      found.append(
        "Rows of the normal period hang together: \(scores.count) held-out ones are worth about "
          + "\(Int(worth)) that know nothing of each other, which is few for \(percent) % of false alarms. "
          + "A longer period makes the limit surer.")
    }
    if rows < LearningNotes.rowsASensor * size {
      found.append(
        "\(rows) rows are few for \(size) sensors: faults must be larger to be told. Give "
          + "\(LearningNotes.rowsASensor * size) rows or more.")
    }
    return found
  }

  static func sentences(still: [String], wandering: [String]) -> [String] {
    var found: [String] = []
    if !still.isEmpty {
      found.append(
        "Not watched, as they stood still or were mostly missing in the normal period: \(list(still)).")
    }
    if !wandering.isEmpty {
      found.append("Levels that wander in the normal period are followed slowly: \(list(wandering)).")
    }
    return found
  }

  /// How many independent rows tell as much as these: by the autocorrelations of the scores, up to the first that is
  /// not positive.
  private var independent: Double {
    let count = scores.count
    let mean = scores.reduce(0, +) / Double(max(1, count))
    let centred = scores.map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 }
    guard variance > 0 else { return Double(count) }
    var sum = 1.0
    for lag in 1..<max(2, min(count / 2, 1000)) {
      let product = zip(centred, centred.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
      guard product > 0 else { break }
      sum += 2 * product / variance
    }
    return Double(count) / sum
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }

  private static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}
