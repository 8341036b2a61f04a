import Foundation

extension ForgettingTable {
  private static func number(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "-" }

  private static let columns = [
    "task", "label", "old rows", "recall before", "after", "F1 before", "after", "new rows", "recall before",
    "after",
    "F1 before", "after",
  ]

  private var rows: [[String]] {
    labels.map { label in
      [label.task, label.label + (label.isNew ? " (new)" : "")]
        + [label.old, label.new].flatMap { figures in
          [figures.map { "\($0.rows)" } ?? "0"]
            + [figures?.recallBefore, figures?.recallAfter, figures?.f1Before, figures?.f1After].map(
              Self.number)
        }
    }
  }

  private var summary: [String] {
    numbers.map {
      "\($0.task), number (\($0.rows) old rows): root mean squared error \(String(format: "%.4g", $0.rmseBefore)) before, "
        + "\(String(format: "%.4g", $0.rmseAfter)) after."
    }
      + (meanBefore.flatMap { before in
        meanAfter.map {
          "Mean recall of old labels on old rows: \(Self.number(before)) before, \(Self.number($0)) after."
        }
      }.map { [$0] } ?? [])
  }

  /// For a terminal, columns aligned.
  public var lines: [String] {
    let all = [Self.columns] + rows
    let widths = Self.columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column < 2 ? text + space : space + text
      }.joined(separator: "  ")
    } + summary
  }

  /// For CARD.md.
  var cardLines: [String] {
    [
      "| " + Self.columns.joined(separator: " | ") + " |",
      "|" + String(repeating: "---|", count: Self.columns.count),
    ]
      + rows.map { "| " + $0.joined(separator: " | ") + " |" } + summary.flatMap { ["", $0] }
  }
}
