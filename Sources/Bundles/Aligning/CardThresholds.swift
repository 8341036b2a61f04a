import Foundation
import Training

/// The part of CARD.md on when findings are called present, uncertain and absent, and what that reaches.
struct CardThresholds {
  static let heading = "## When findings are called present"
  var description: BundleDescription

  /// Lines of the part; empty without a task on scans whose thresholds were measured.
  var lines: [String] {
    let tasks = description.tasks.indices.filter { task in
      !description.kinds[task].isDisjoint(with: [.image, .views, .clip])
        && description.calibrations[task].rates != nil
    }
    guard !tasks.isEmpty else { return [] }
    var lines = [
      CardThresholds.heading, "",
      "Thresholds are chosen on the validation rows for a sensitivity and a specificity of 95 %. A finding is called "
        + "uncertain only from the probability on that doubles its odds (15 % at least): a label that is weakly learned "
        + "is then missed more often, and is marked below and in reports, instead of being uncertain everywhere. "
        + "Sensitivity: share of the rows with the finding that are not called absent. Specificity: share of the rows "
        + "without it that are not called present. In brackets: share called present of the first, absent of the second. "
        + "They were measured on the rows that the thresholds were chosen on, so that new rows give somewhat less.",
      "",
      "| task | label | absent below | present from | rows with | sensitivity | rows without | specificity | |",
      "|---|---|---|---|---|---|---|---|---|",
    ]
    for task in tasks {
      let calibration = description.calibrations[task]
      for (label, rates) in zip(description.tasks[task].labels.indices, calibration.rates ?? []) {
        let cells = [
          description.tasks[task].name, description.tasks[task].labels[label],
          number(calibration.absentBelow[label]), number(calibration.presentFrom[label]),
          "\(rates.positives)", pair(rates.sensitivity, rates.found),
          "\(rates.negatives)", pair(rates.specificity, rates.cleared),
          rates.sensitivity == nil ? "not measured" : rates.isWeak ? "can be missed" : "",
        ]
        lines.append("| \(cells.joined(separator: " | ")) |")
      }
    }
    return lines + [""]
  }

  /// A card with this part in place of the one it has, or before its limits.
  func replacing(in card: String) -> String {
    var kept: [String] = [], isOld = false
    for line in card.components(separatedBy: "\n") {
      if line.hasPrefix("## ") { isOld = line == CardThresholds.heading }
      if !isOld { kept.append(line) }
    }
    let place = kept.lastIndex { $0.hasPrefix("## Limits") } ?? kept.endIndex
    kept.insert(contentsOf: lines, at: place)
    return kept.joined(separator: "\n")
  }

  private func number(_ value: Double) -> String { String(format: "%.2f", value) }

  private func pair(_ first: Double?, _ second: Double?) -> String {
    guard let first, let second else { return "" }
    return "\(number(first)) (\(number(second)))"
  }
}
