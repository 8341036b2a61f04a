import ArgumentParser
import Bundles
import Decoders
import Faults
import Files
import Foundation

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts faults from a sensor CSV, a stream or a file that grows: one JSON object a window.",
    discussion: """
      Each line: row and time of the window's last row, fault with its description and calibrated probability, \
      alarm, entropy (0 sure, 1 undecided), the share of each sensor in the answer, remaining life if the bundle \
      tells it. Windows that should not be trusted say why (needsCheck, reasons) and alarm \
      only with sound readings and a fault of 90 % or more. Alarms of several windows become events, which are told on \
      standard error.

      With --normal or --detector no bundle is needed: every row is called normal or unlike normal, with the share of \
      each sensor. The probability of "normal" is the share of held-out normal rows that are at least as far out, that \
      of "unlike normal" the share that is less far out; entropy and remaining life are not told.
      """)

  @Argument(
    help: "A sensor CSV (.gz allowed), - for standard input, or topics of a broker: mqtt://HOST[:PORT]/TOPIC."
  )
  var file: String
  @Flag(help: "Go on as the file grows, until SIGINT or SIGTERM; a broker's topics are always followed.")
  var follow = false
  @Option(help: "File to write instead of standard output; with --follow it grows line by line.")
  var out: String?
  @Option(help: "With --follow: where the place is kept; OUT.state by default, without --out EVENTS.state.")
  var state: String?
  @Option(help: "Rows from one window to the next; as in training by default.")
  var every: Int?
  @Option(help: "Task that answers, where the bundle has several for the same channels.")
  var task: String?
  @OptionGroup var asked: AskedLabels
  @OptionGroup var stream: StreamOptions
  @OptionGroup var normal: NormalOptions
  @Option(help: "Draw the course of faults, alarms and sensors as an SVG file.")
  var picture: String?
  @OptionGroup var events: EventOptions
  @Flag(help: "Replace existing outputs.")
  var force = false
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  private var follows: Bool { follow || BrokerAddress.isOne(file) }

  func validate() throws {
    try stream.check(file: file, follows: follows)
    if let every, every < 1 { throw ValidationError("--every (\(every)) must be at least 1.") }
    if state != nil && !follows { throw ValidationError("--state belongs to --follow.") }
    if follow && file == "-" {
      throw ValidationError("--follow needs a file; standard input is read until its writer ends.")
    }
    if follows && picture != nil {
      throw ValidationError("--picture needs an input that ends; draw it from the file without --follow.")
    }
    try events.check(follows: follows, others: [out, picture, normal.saveDetector])
    if normal.isAsked && (bundle.isNamed || task != nil || asked.labelsFile != nil) {
      throw ValidationError(
        "--bundle, --adapter, --precision, --task and --labels-file take no part where a detector answers.")
    }
  }

  func run() throws {
    try refuseExisting()
    var options = PredictJob.Options(path: file)
    (options.every, options.task, options.threads) = (every, task, follows ? 1 : shared.threadCount)
    options.labels = try asked.read()
    try stream.apply(to: &options, state: place)
    let lines = PredictionLines(isCSV: stream.format.map { $0 == .csv } ?? (out?.hasSuffix(".csv") ?? false))
    let progress = Progress(quiet: shared.quiet, unit: "rows")
    let outlet = Outlet(
      lines, try stream.writer(), PredictionBoard(title: file),
      try events.recorder(replacing: force, isQuiet: shared.quiet))
    let isQuiet = shared.quiet, follows = follows
    let answerer = try normal.answerer() ?? Answerer.bundle(try bundle.load())
    let job = PredictJob(
      options, by: answerer,
      opened: { opening in
        outlet.open(opening)
        opening.notes.forEach(Output.note)
      },
      progress: { row in if !follows { progress.report(row, of: 0, "predicting") } },
      learned: normal.keeper)
    let summary = try Interruption.run { [out, picture, place, page = events.page] in
      follows
        ? try Predict.follow(job, out, place, outlet)
        : try Predict.read(job, out, outlet, picture: picture, page: page)
    }
    progress.end()
    if !isQuiet { summaryLines(summary).forEach(Output.note) }
    for refusal in summary.refused.examples { Output.note("\(refusal)") }
    let more = summary.refused.count - summary.refused.examples.count
    if more > 0 { Output.note("… and \(more) more rows.") }
    if summary.refused.count > 0 { throw ExitCode(2) }
  }

  /// Where the place in a followed file is kept; nil: a restart begins anew.
  private var place: String? { state ?? (out ?? events.events).map { $0 + ".state" } }

  /// A followed output goes on where its state says; every other one is kept unless `--force`.
  private func refuseExisting() throws {
    let goesOn = follows && FileManager.default.fileExists(atPath: place ?? "")
    let growing = goesOn ? [] : [out, events.events, normal.saveDetector]
    for path in (growing + [picture, events.page]).compactMap({ $0 })
    where !force && FileManager.default.fileExists(atPath: path) {
      throw WritingError(
        path: path, reason: "There is something already.",
        remedy: "Choose another file, or replace it with --force.")
    }
  }

  private func summaryLines(_ summary: PredictJob.Summary) -> [String] {
    var parts = [
      summary.windows == 0
        ? "No window since row \(summary.lastRow)" : "\(summary.windows) windows up to row \(summary.lastRow)"
    ]
    if let first = summary.firstAlarm {
      let time = first.time.map { " (\($0))" } ?? ""
      let percent = Int(((first.probability ?? 0) * 100).rounded())
      parts.append(
        "\(summary.alarms) alarms, the first at row \(first.row)\(time): \(first.fault ?? "") with \(percent) %"
      )
    } else if summary.windows > 0 {
      parts.append("no alarm")
    }
    if summary.needCheck > 0 { parts.append("\(summary.needCheck) windows need a person's look") }
    if summary.refused.count > 0 { parts.append("\(summary.refused.count) rows refused") }
    if summary.unreadableTimes > 0 { parts.append("\(summary.unreadableTimes) times could not be read") }
    return summary.notes + [parts.joined(separator: "; ") + "."]
  }
}
