import Alignment
import Foundation

extension ReportFigures {
  /// For people: what was written and both baselines, on all scans and on abnormal ones.
  public var lines: [String] {
    let parts = [("reports", all)] + (abnormal.map { [("abnormal alone", $0)] } ?? [])
    return parts.flatMap { name, part in
      ["\(name) (\(part.n)): \(ReportFigures.words(part.written))"]
        + part.rows.dropFirst().map { "  \($0.name): \(ReportFigures.words($0.scores))" }
    } + (baselinesFrom == .split ? ["  The baselines' texts are of the scored part itself."] : [])
  }

  private static func words(_ scores: ReportScores) -> String {
    scores.rows.map { "\($0.name) \(String(format: "%.4f", $0.value))" }.joined(separator: ", ")
  }
}

extension ReportPart {
  /// What was written, then the baselines.
  var rows: [(name: String, scores: ReportScores)] {
    [("written", written), ("the most frequent report", baselines.frequent)]
      + (baselines.nearest.map { [("the nearest scan's report", $0)] } ?? [])
  }
}

extension ReportScores {
  /// The figures there are, in the order in which people read them.
  var rows: [(name: String, value: Double)] {
    let all: [(String, Double?)] = [
      ("finding F1", findingF1), ("macro F1 of findings", findingMacroF1), ("sides right", laterality),
      ("BLEU-1", bleu1), ("BLEU-2", bleu2), ("BLEU-3", bleu3), ("BLEU-4", bleu4), ("ROUGE-L", rougeL),
      ("CIDEr", cider), ("distinct", distinct),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }
}
