import ArgumentParser
import Bundles
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
      """)

  @Argument(help: "A sensor CSV (.gz allowed), or - for standard input.")
  var file: String
  @Flag(help: "Go on as the file grows, until SIGINT or SIGTERM.")
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
  @Option(help: "Draw the course of faults, alarms and sensors as an SVG file.")
  var picture: String?
  @OptionGroup var events: EventOptions
  @Flag(help: "Replace existing outputs.")
  var force = false
  @OptionGroup var bundle: AnsweringOptions
  @OptionGroup var shared: SteadyOptions

  func validate() throws {
    if let every, every < 1 { throw ValidationError("--every (\(every)) must be at least 1.") }
    if state != nil && !follow { throw ValidationError("--state belongs to --follow.") }
    if follow && file == "-" {
      throw ValidationError("--follow needs a file; standard input is read until its writer ends.")
    }
    if follow && picture != nil {
      throw ValidationError("--picture needs an input that ends; draw it from the file without --follow.")
    }
    try events.check(follows: follow, others: [out, picture])
  }

  func run() throws {
    try refuseExisting()
    var options = PredictJob.Options(path: file)
    (options.every, options.task, options.threads) = (every, task, follow ? 1 : shared.threadCount)
    options.labels = try asked.read()
    let progress = Progress(quiet: shared.quiet, unit: "rows")
    let board = PredictionBoard(title: file)
    let recorder = try events.recorder(replacing: force, isQuiet: shared.quiet)
    let isQuiet = shared.quiet, follows = follow
    let job = PredictJob(
      options, bundle: try bundle.load(),
      opened: { opening in
        board.open(opening)
        recorder.open(labels: opening.labels)
        opening.notes.forEach(Output.note)
      },
      progress: { row in if !follows { progress.report(row, of: 0, "predicting") } })
    let summary = try Interruption.run { [out, picture, place, page = events.page] in
      follows
        ? try Predict.follow(job, out, place, recorder)
        : try Predict.read(job, out, board, recorder, picture: picture, page: page)
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
    let goesOn = follow && FileManager.default.fileExists(atPath: place ?? "")
    for path in [goesOn ? nil : out, goesOn ? nil : events.events, picture, events.page].compactMap({ $0 })
    where !force && FileManager.default.fileExists(atPath: path) {
      throw WritingError(
        path: path, reason: "There is something already.",
        remedy: "Choose another file, or replace it with --force.")
    }
  }

  private static func read(
    _ job: PredictJob, _ out: String?, _ board: PredictionBoard, _ recorder: EventRecorder, picture: String?,
    page: String?
  ) throws -> PredictJob.Summary {
    let file = try out.map { try AtomicLines(path: $0) }
    try recorder.begin()
    let summary = try job.run { predictions in
      if picture != nil || page != nil { board.add(predictions) }
      try recorder.add(predictions)
      let text = predictions.map { $0.json + "\n" }.joined()
      if let file { try file.write(text) } else { Output.text(text) }
    }
    try file?.commit()
    try recorder.finish()
    if let picture, let svg = board.svg() { try AtomicFile.write(Data(svg.utf8), to: picture) }
    if let page, let html = board.page(job, summary, recorder) {
      try AtomicFile.write(Data(html.utf8), to: page)
    }
    return summary
  }

  private static func follow(
    _ job: PredictJob, _ out: String?, _ place: String?, _ recorder: EventRecorder
  ) throws -> PredictJob.Summary {
    var file: AppendedLines?
    let sink = PredictJob.Sink(
      begin: { kept in file = try out.map { try AppendedLines(path: $0, keeping: kept ?? 0) } },
      take: { predictions in
        try recorder.add(predictions)
        let text = predictions.map { $0.json + "\n" }.joined()
        guard let file else {
          Output.text(text)
          return nil
        }
        try file.write(text)
        return file.length
      }, saved: { try recorder.saved() }, restore: { try recorder.restore($0) })
    let summary = try job.follow(state: place, into: sink)
    recorder.pause()
    return summary
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
