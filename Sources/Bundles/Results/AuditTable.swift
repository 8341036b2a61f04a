import Alignment
import Files

/// Rows that are scored although an earlier split has them too, and the figures with and without them.
struct AuditTable {
  var record: BundleDescription.TrainingRecord

  /// Empty where nothing was found.
  var html: String {
    guard let audit = record.audit, !audit.counts.isEmpty else { return "" }
    let pairs = record.evaluations.reversed().flatMap { whole -> [Evaluation] in
      guard let honest = record.honest?.first(where: { $0.split == whole.split }) else { return [] }
      return [(whole, "all rows"), (honest, "new rows alone")].map { figures, words in
        var named = figures
        named.split = "\(ResultsText.split(whole.split)), \(words)"
        return named
      }
    }
    return """
      <h3>Rows that are not new</h3>
      <ul>\(audit.sentences.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n"))</ul>
      \(pairs.isEmpty
        ? "<p>No scored row is left without them.</p>" : FiguresTable(evaluations: pairs, tellsDraws: false).html)
      """
  }
}
