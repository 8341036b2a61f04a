import Alignment
import Training

/// Scores written texts against those of people.
enum ReportScorer {
  /// - Parameter references: one or more texts for each written one.
  static func score(_ written: [String], references: [[String]]) -> Evaluation.Report {
    let words = written.map(Metrics.words), known = references.map { $0.map(Metrics.words) }
    let bleu = Metrics.bleu(words, references: known)
    let counts = Dictionary(grouping: references.flatMap { $0 }, by: { $0 }).mapValues(\.count)
    let frequent = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    let constant = Metrics.bleu(written.map { _ in Metrics.words(frequent) }, references: known)
    return Evaluation.Report(
      n: written.count, bleu1: bleu[0], bleu4: bleu[3], rougeL: Metrics.rougeL(words, references: known) ?? 0,
      distinct: Double(Set(written).count) / Double(max(1, written.count)), constantBleu4: constant[3])
  }
}
