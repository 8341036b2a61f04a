import Decoders
import Files
import Foundation
import Reports

/// The folder that reports are written to: `STUDY/report.json` and the other formats, and `index.json`.
struct ReportFolder: Sendable {
  var path: String
  var formats: Set<ReportFormat>
  var force: Bool

  struct Result: Sendable {
    var row: StudyRow
    var refused: [Decoders.DecodingError]
    /// As it stands in the folder now; nil where it could not be written.
    var report: ReportDocument?
  }

  /// Drafts and writes the report on one study, unless there is one already.
  func write(_ study: Study, draft: () -> StudyDraft) -> Result {
    let folder = "\(path)/\(study.name)", main = "\(folder)/\(ReportFormat.json.fileName)"
    var wasMade = false
    do {
      if let known = FileManager.default.contents(atPath: main) {
        let report = try ReportDocument(json: known, place: main)
        // A signed report is never drafted over, whatever the flags.
        if !force || report.status == .final { return try keep(report, folder, study, draft) }
      }
      let drafted = draft()
      // Formats of an earlier draft would contradict this one.
      let wanted = formats.union(existing(folder)).union([.json])
      wasMade = !FileManager.default.fileExists(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try write(drafted, wanted, folder)
      return Result(
        row: StudyRow(
          drafted.document, action: .written, files: files(wanted, study), refused: drafted.refused.count),
        refused: drafted.refused, report: drafted.document)
    } catch {
      // Some formats of a report whose report.json is missing are no report.
      if wasMade { try? FileManager.default.removeItem(atPath: folder) }
      let words = (error as? CocoaError).map {
        "\(folder): The folder cannot be made: \($0.localizedDescription)"
      }
      return Result(
        row: StudyRow(failed: study.name, inputs: study.inputs.count, error: words ?? "\(error)"), refused: []
      )
    }
  }

  /// Leaves a report as it is and adds the formats that are missing, rendered from it.
  private func keep(
    _ report: ReportDocument, _ folder: String, _ study: Study, _ draft: () -> StudyDraft
  ) throws -> Result {
    let missing = formats.union([.json]).subtracting(existing(folder))
    // Pictures are no part of report.json; drafting again is the way to them, its text is not used.
    let pictures = missing.contains(.html) ? draft().pictures : []
    let rendered = try missing.sorted { $0.rawValue < $1.rawValue }.map {
      ($0, try $0.render(report, pictures: pictures))
    }
    try RenderedCheck(report).require(rendered)
    for (format, bytes) in rendered { try AtomicFile.write(bytes, to: "\(folder)/\(format.fileName)") }
    let refused = report.inputs.count { !$0.used && $0.reason.hasPrefix("Not read") }
    return Result(
      row: StudyRow(report, action: .kept, files: files(existing(folder), study), refused: refused),
      refused: [], report: report)
  }

  private func write(_ draft: StudyDraft, _ formats: Set<ReportFormat>, _ folder: String) throws {
    // All are rendered before the first is written, and report.json comes last: where it stands, the rest does.
    let rendered = try formats.sorted {
      ($0 == .json ? 1 : 0, $0.rawValue) < ($1 == .json ? 1 : 0, $1.rawValue)
    }
    .map { ($0, try $0.render(draft.document, pictures: draft.pictures)) }
    try RenderedCheck(draft.document).require(rendered)
    for (format, bytes) in rendered { try AtomicFile.write(bytes, to: "\(folder)/\(format.fileName)") }
  }

  private func existing(_ folder: String) -> Set<ReportFormat> {
    Set(ReportFormat.allCases.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0.fileName)") })
  }

  private func files(_ formats: Set<ReportFormat>, _ study: Study) -> [String: String] {
    Dictionary(uniqueKeysWithValues: formats.map { ($0.rawValue, "\(study.name)/\($0.fileName)") })
  }

  /// Writes `index.json`: a row a study of this run, and the rows of an earlier run whose reports still stand.
  func writeIndex(_ rows: [StudyRow]) throws {
    let index = "\(path)/index.json"
    let names = Set(rows.map(\.study))
    let known = FileManager.default.contents(atPath: index).flatMap {
      try? JSONDecoder().decode([StudyRow].self, from: $0)
    }
    let others = (known ?? []).filter { row in
      !names.contains(row.study)
        && FileManager.default.fileExists(atPath: "\(path)/\(row.study)/\(ReportFormat.json.fileName)")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw WritingError(
        path: path, reason: "The folder cannot be made: \(error.localizedDescription)",
        remedy: "Choose a place that you may write to with --out.")
    }
    try AtomicFile.write(encoder.encode(others + rows), to: index)
  }
}
