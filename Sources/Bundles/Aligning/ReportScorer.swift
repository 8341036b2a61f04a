import Alignment
import Foundation
import Reports
import Training

/// Scores written reports against those of people, beside the baselines.
struct ReportScorer {
  /// One scan: what was written, what people wrote, and what the baselines say.
  struct Row: Sendable {
    var written: String
    /// One or more.
    var references: [String]
    var frequent: String
    /// Nil where there is no other scan.
    var nearest: String?
  }

  var reader: FindingReader

  /// - Returns: nil without rows.
  func figures(_ rows: [Row], from source: ReportFigures.Source) -> ReportFigures? {
    guard !rows.isEmpty else { return nil }
    let truths = rows.map(truth)
    let abnormal = rows.indices.filter { !truths[$0].isEmpty }
    let isAll = abnormal.isEmpty || abnormal.count == rows.count
    return ReportFigures(
      all: part(rows, truths),
      abnormal: isAll ? nil : part(abnormal.map { rows[$0] }, abnormal.map { truths[$0] }),
      baselinesFrom: source, findings: reader.findings)
  }

  /// What any of the references states.
  private func truth(_ row: Row) -> [Int: Set<ReportSide>] {
    row.references.reduce(into: [:]) { $0.merge(reader.read($1)) { $0.union($1) } }
  }

  private func part(_ rows: [Row], _ truths: [[Int: Set<ReportSide>]]) -> ReportPart {
    let references = rows.map(\.references)
    let hasNearest = rows.allSatisfy { $0.nearest != nil }
    return ReportPart(
      n: rows.count, written: scores(rows.map(\.written), references, truths),
      baselines: .init(
        frequent: scores(rows.map(\.frequent), references, truths),
        nearest: hasNearest ? scores(rows.compactMap(\.nearest), references, truths) : nil),
      distinctReferences: share(Set(references.compactMap(\.first)).count, of: rows.count))
  }

  private func scores(
    _ texts: [String], _ references: [[String]], _ truths: [[Int: Set<ReportSide>]]
  ) -> ReportScores {
    let words = texts.map(Metrics.words), known = references.map { $0.map(Metrics.words) }
    let bleu = Metrics.bleu(words, references: known)
    let findings = FindingScores(stated: texts.map(reader.read), truths)
    return ReportScores(
      bleu: bleu, rougeL: Metrics.rougeL(words, references: known) ?? 0,
      cider: Metrics.cider(words, references: known) ?? 0, findingF1: findings.f1,
      findingMacroF1: findings.macroF1, laterality: findings.laterality,
      distinct: share(Set(texts).count, of: texts.count))
  }

  private func share(_ count: Int, of total: Int) -> Double { Double(count) / Double(max(1, total)) }
}

/// Agreement of the findings that texts state with those that their references state.
struct FindingScores {
  /// Over all findings and texts together; nil where no reference states a finding.
  var f1: Double?
  /// Mean over the findings that some reference states.
  var macroF1: Double?
  /// Share of findings that both state, the reference with a side, with the same sides.
  var laterality: Double?

  /// Findings by place with the sides named, one dictionary a text.
  init(stated: [[Int: Set<ReportSide>]], _ truths: [[Int: Set<ReportSide>]]) {
    let scores = Metrics.setF1(stated.map { Set($0.keys) }, truth: truths.map { Set($0.keys) })
    (f1, macroF1) = (scores?.micro, scores?.macro)
    let sided = zip(stated, truths).flatMap { found, truth in
      truth.compactMap { place, sides in
        sides.isEmpty ? nil : found[place].map { $0 == sides }
      }
    }
    laterality = sided.isEmpty ? nil : Double(sided.count { $0 }) / Double(sided.count)
  }
}
