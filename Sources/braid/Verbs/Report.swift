import ArgumentParser
import Bundles
import Decoders
import Foundation
import Reports

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drafts a report for every study in scan folders.",
    discussion: """
      A study is all DICOM files of one StudyInstanceUID, or all images and clips of one folder without DICOM. Each \
      gets a folder with report.json and the formats asked for; index.json has one row a study. All reports are \
      preliminary drafts until a person signs them (braid sign). Files that cannot be read are listed, and the exit \
      code is then 2.
      """)

  @Argument(help: "Folders of scans, walked with everything below them.")
  var folders: [String]
  @Option(help: "Folder to write reports into.")
  var out: String
  @Option(help: "Formats beside report.json: any of md, json, html, fhir, sr, hl7, parted by commas.")
  var format = "md,json"
  @Option(
    help: "Language of reports: en or zh. Sentences of the model in another language give way to plain ones."
  )
  var language = ReportLanguage.en
  @Flag(
    help:
      "Let a DICOM header's patient name, id, birth date, sex and order into reports, where FHIR, SR and HL7 want them, and into names of studies."
  )
  var identified = false
  @OptionGroup var asked: AskedLabels
  @Flag(help: "Draft again where there is a report already; signed ones always stay.")
  var force = false
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    guard !folders.isEmpty else { throw ValidationError("Name at least one folder.") }
    _ = try formats()
  }

  private func formats() throws -> Set<ReportFormat> {
    let names = format.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    return try Set(
      names.map { name in
        guard let format = ReportFormat(rawValue: name) else {
          let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--format (\(name)) must be some of \(known), parted by commas.")
        }
        return format
      })
  }

  func run() throws {
    var options = ReportJob.Options(folders: folders, out: out)
    (options.formats, options.language, options.identified) = (try formats(), language, identified)
    (options.force, options.threads) = (force, shared.threadCount)
    options.labels = try asked.read()
    if options.labels != nil { Output.note(ZeroShotLabels.notice + " None of them is a finding.") }
    let progress = Progress(quiet: shared.quiet, unit: "studies")
    let outcome = try ReportJob(options, bundle: bundle.load()) { done, total, what in
      progress.report(done, of: total, what)
    }.run()
    progress.end()
    for row in outcome.rows {
      if shared.json { try Output.json(row) } else { Output.line(line(row)) }
    }
    for error in outcome.refused {
      Output.note("\(error)")
      if shared.json { try Output.json(RefusedFile(error)) }
    }
    let kept = outcome.rows.count { $0.action == .kept }
    if kept > 0 {
      Output.note("\(kept) studies have a report already; --force drafts again what is not signed.")
    }
    for row in outcome.rows where row.action == .failed { Output.note(row.error ?? "\(row.study) failed.") }
    if outcome.rows.contains(where: { $0.action == .failed }) { throw ExitCode(1) }
    if !outcome.refused.isEmpty { throw ExitCode(2) }
  }

  private func line(_ row: StudyRow) -> String {
    if row.action == .failed { return "\(row.study): failed" }
    let kept = row.action == .kept ? "kept, " : ""
    if row.used == 0 { return "\(row.study): \(kept)no input could be used; needs a human read" }
    if row.abstains == true { return "\(row.study): \(kept)no statement; needs a human read" }
    let findings = row.present.isEmpty ? "no finding present" : row.present.joined(separator: ", ")
    let doubted = row.uncertain.filter { !Consistency.namesNormal($0) }.count
    let more = doubted == 0 ? (row.uncertain.isEmpty ? "" : "; not surely normal") : "; \(doubted) uncertain"
    let read = row.needsHumanRead ? "; needs a human read" : ""
    return "\(row.study): \(kept)\(findings)\(more)\(read)"
  }
}

extension ReportLanguage: ExpressibleByArgument {}

/// A file that could not be read, as a result.
struct RefusedFile: Encodable {
  var path: String
  var error: Inspection.Refusal

  init(_ error: Decoders.DecodingError) { (path, self.error) = (error.file, Inspection.Refusal(error)) }
}
