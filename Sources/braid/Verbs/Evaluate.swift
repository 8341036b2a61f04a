import Alignment
import ArgumentParser
import Bundles
import Foundation
import Training

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Scores a bundle on one split of a manifest.")

  @Argument(help: "A CSV of examples.")
  var manifest: String
  @Option(help: "train, val or test.")
  var split = "test"
  @Option(
    help:
      "Fit probabilities and thresholds to the split and write the bundle, otherwise as it is, to this folder."
  )
  var recalibrate: String?
  @Option(
    help: "Scans that a report is written for and compared, at most; evenly spaced over the split.")
  var reports = EvaluateJob.usualReports
  @Option(
    help:
      "Scans whose evidence is tested at most: covering the region that is shown for a finding must lower its probability more than covering any other place does. 0: none."
  )
  var evidence = 0
  @OptionGroup var alarms: AlarmOptions
  @OptionGroup var asked: AskedLabels
  @Flag(help: "Replace what stands at --recalibrate.")
  var force = false
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    guard Split(rawValue: split) != nil else {
      throw ValidationError("--split (\(split)) must be train, val or test.")
    }
    guard reports > 0 else { throw ValidationError("--reports (\(reports)) must be at least 1.") }
    guard evidence >= 0 else { throw ValidationError("--evidence (\(evidence)) must be at least 0.") }
    if evidence > 0 && asked.labelsFile != nil {
      throw ValidationError(
        "--labels-file asks for answers that have no place in a picture; leave --evidence out.")
    }
    if recalibrate != nil && asked.labelsFile != nil {
      throw ValidationError(
        "--labels-file asks for answers that no calibration knows; leave --recalibrate out.")
    }
    if recalibrate != nil && bundle.precision != .f32 {
      throw ValidationError(
        "--recalibrate fits the bundle as it is stored, in f32; leave --precision out.")
    }
  }

  func run() throws {
    let progress = Progress(quiet: shared.quiet)
    var job = try EvaluateJob(
      manifest: manifest, split: Split(rawValue: split) ?? .test, bundle: bundle.load(),
      threads: shared.threadCount
    ) { done, total, what in progress.report(done, of: total, what) }
    job.labels = try asked.read()
    (job.reports, job.evidence, job.alarms) = (reports, evidence, alarms.rule)
    if job.labels != nil { Output.note(ZeroShotLabels.notice) }
    if let recalibrate {
      try job.recalibrate(to: recalibrate, replacing: force)
      job.bundle = try ModelBundle(path: recalibrate)
    }
    let outcome = try job.run()
    progress.end()
    if shared.json {
      try Output.json(outcome.evaluation.withoutMaps)
    } else {
      EvaluationTable.lines(outcome.evaluation).forEach(Output.line)
    }
    for refusal in outcome.refused { Output.note("\(refusal.id): \(refusal.reason)") }
    if !outcome.refused.isEmpty { throw ExitCode(2) }
  }
}
