import Alignment
import Decoders
import Files
import Foundation
import Reports
import Training

/// Drafts a report for every study in some folders: everything that `braid report` does.
public struct ReportJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// Folders of scans, walked with everything below them.
    public var folders: [String]
    /// Folder to write into: a folder a study, and `index.json`.
    public var out: String
    /// Beside `report.json`, which is always written.
    public var formats: Set<ReportFormat> = [.md, .json]
    /// Of headings and of the sentences that are not the model's own.
    public var language = ReportLanguage.en
    /// Lets a DICOM header's patient name, id and birth date into metadata and names of studies.
    public var identified = false
    /// Findings to look for in words, beside the bundle's own; nil for none.
    public var labels: LabelTexts?
    /// Drafts again where there is a report already; signed ones always stay.
    public var force = false
    /// Threads that share the studies out; a study takes one.
    public var threads = 1

    /// - Parameters:
    ///   - folders: searched for scans.
    ///   - out: folder to write into.
    public init(folders: [String], out: String) { (self.folders, self.out) = (folders, out) }
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// One a study, in the order of the walk.
    public var rows: [StudyRow]
    /// Files that could not be read, those of studies included.
    public var refused: [Decoders.DecodingError]
  }

  /// What the user asked for.
  public var options: Options
  /// What drafts the reports; it must have been trained on images or clips.
  public var bundle: ModelBundle
  /// Told what is going on and how far it is: done, of how many, words.
  public var progress: @Sendable (Int, Int, String) -> Void

  /// - Parameter progress: told done, of how many, and words; also from other threads.
  public init(
    _ options: Options, bundle: ModelBundle,
    progress: @escaping @Sendable (Int, Int, String) -> Void = { _, _, _ in }
  ) {
    (self.options, self.bundle, self.progress) = (options, bundle, progress)
  }

  /// - Throws: `BundleError` where the bundle knows no scans or the folders hold none; `DecodingError` for folders
  ///   that do not exist; `WritingError` when the index cannot be written. What goes wrong with one study stands in its
  ///   row.
  public func run() throws -> Outcome {
    var drafter = StudyDrafter(
      bundle, language: options.language, identified: options.identified,
      wantsPictures: options.formats.contains(.html))
    guard !drafter.router.isEmpty else {
      throw BundleError(
        path: bundle.path,
        reason: "The bundle \(bundle.description.name) was not trained on images or clips.",
        remedy: "Name another bundle with --bundle.")
    }
    drafter.created = ISOTime(Date())
    if let labels = options.labels {
      let asked = try ZeroShotLabels(labels, bundle: bundle)
      if !asked.isIndependent { try asked.requireComparison() }
      drafter.asked = asked
    }
    progress(0, 1, "finding studies")
    // A folder that is missing does not keep the others from their reports.
    let (there, missing) = split(options.folders)
    let walk = try ScanFolder.studies(
      in: there.isEmpty ? options.folders : there, identified: options.identified)
    guard !walk.studies.isEmpty else {
      let reason =
        walk.unreadable.isEmpty
        ? "No scan was found: neither PNG, JPEG, DICOM nor video." : "None of the scans found can be read."
      let examples = walk.unreadable.prefix(5).map(\.description).joined(separator: " ")
      throw BundleError(
        path: options.folders.joined(separator: ", "),
        reason: examples.isEmpty ? reason : "\(reason) \(examples)",
        remedy: "Check the folder, or try braid inspect on one of its files.")
    }
    let (claimed, found) = claim(walk), orphans = missing + found
    let folder = ReportFolder(path: options.out, formats: options.formats, force: options.force)
    let courses = PatientCourses(walk.studies)
    let team = ReplicaTeam(min(options.threads, courses.courses.count))
    let counter = DoneCounter()
    let work = drafter, total = walk.studies.count
    // The studies of a patient one after the other, so that each finds the report on the one before.
    let parts = try team.map(courses.courses.count) { place in
      var reports: [Int: ReportDocument] = [:]
      return courses.courses[place].map { index -> (index: Int, result: ReportFolder.Result) in
        let prior = courses.prior(of: index, among: courses.courses[place].filter { reports[$0] != nil })
        var result = folder.write(walk.studies[index]) {
          work.draft(
            walk.studies[index], unreadable: claimed[index] ?? [],
            prior: prior.flatMap { prior in reports[prior.study].map { ($0, prior.days) } })
        }
        reports[index] = courses.courses[place].count > 1 ? result.report : nil
        // A thousand reports need not be kept to the end.
        result.report = nil
        progress(counter.next(), total, "drafting reports")
        return (index, result)
      }
    }
    let results = parts.joined().sorted { $0.index < $1.index }.map(\.result)
    try folder.writeIndex(results.map(\.row))
    return Outcome(rows: results.map(\.row), refused: orphans + results.flatMap(\.refused))
  }

  private func split(_ folders: [String]) -> (there: [String], missing: [Decoders.DecodingError]) {
    let there = folders.filter { FileManager.default.fileExists(atPath: $0) }
    let missing = folders.filter { !there.contains($0) }.map { folder in
      Decoders.DecodingError(
        .notFound, file: folder, reason: "There is no such file or folder.", remedy: "Check the path.")
    }
    return (there, missing)
  }

  /// Gives unreadable files to the study of their own folder, where there is one.
  private func claim(_ walk: ScanWalk) -> (
    claimed: [Int: [Decoders.DecodingError]], orphans: [Decoders.DecodingError]
  ) {
    var claimed: [Int: [Decoders.DecodingError]] = [:], orphans: [Decoders.DecodingError] = []
    guard !walk.unreadable.isEmpty else { return (claimed, orphans) }
    var owners: [String: Int] = [:]
    for (place, study) in walk.studies.enumerated() {
      for input in study.inputs {
        let folder = (input.path as NSString).deletingLastPathComponent
        if owners[folder] == nil { owners[folder] = place }
      }
    }
    for error in walk.unreadable {
      let folder = (error.file as NSString).deletingLastPathComponent
      if let place = owners[folder] {
        claimed[place, default: []].append(error)
      } else {
        orphans.append(error)
      }
    }
    return (claimed, orphans)
  }
}
