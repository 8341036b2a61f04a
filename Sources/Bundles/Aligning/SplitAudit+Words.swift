import Alignment
import Foundation

/// An audit in sentences, for the command, the card and the page.
extension SplitAudit.Record {
  /// What was found, a sentence for each reason and split, with an example; empty where nothing was found.
  public var sentences: [String] {
    counts.map { count in
      let rows =
        "\(count.rows) of \(self.rows[count.split.rawValue] ?? count.rows) \(SplitAudit.Record.words(count.split)) rows"
      let verb = count.rows == 1 ? ("has", "looks", "is") : ("have", "look", "are")
      let sentence =
        switch count.kind {
        case .group: "\(rows) \(verb.2) of a group that an earlier split has too"
        case .overlap: "\(rows) \(verb.1) at a file, or at rows of a recording, that an earlier split has too"
        case .sameReadings: "\(rows) \(verb.0) the very readings of a window of an earlier split"
        case .picture: "\(rows) \(verb.0) a picture that an earlier split has too, perhaps encoded again"
        }
      let example = examples.first { $0.kind == count.kind && $0.split == count.split }
      return sentence + (example.map { " (\(SplitAudit.Record.words($0)))" } ?? "") + "."
    }
  }

  /// What was looked at, where nothing was found.
  public var clean: String {
    let rows = Split.allCases.compactMap { split in
      self.rows[split.rawValue].map { "\(SplitAudit.Record.words(split)) \($0)" }
    }.joined(separator: ", ")
    return
      "No row that is scored stands in an earlier split too (\(rows) rows; \(pictures) pictures and frames and "
      + "\(windows) windows compared)."
  }

  private static func words(_ split: Split) -> String { split == .val ? "validation" : split.rawValue }

  private static func words(_ finding: SplitFinding) -> String {
    let shared = finding.shared.map {
      finding.kind == .group ? $0 : URL(fileURLWithPath: $0).lastPathComponent
    }
    let what = shared.map { "\($0): " } ?? ""
    let likeness = finding.likeness.map { String(format: ", likeness %.3f", $0) } ?? ""
    return "\(what)\(finding.id) and \(finding.twin) of \(words(finding.twinSplit))\(likeness)"
  }
}
