import Alignment
import Decoders
import Faults
import Foundation
import Training

/// Predicts faults window by window from a file, from standard input or from a file that grows.
///
/// Memory holds the rows of some windows, however long the recording is.
public struct PredictJob: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// A CSV file, `-` for standard input, or a broker's address.
    public var path: String
    /// How messages of a broker become rows.
    public var messages = MessageOptions()
    /// How Braid presents itself there; nil for a client called `braid`.
    public var broker: BrokerOptions?
    /// Rows from one window to the next; nil for those of the training.
    public var every: Int?
    /// Task that is to answer, where a bundle has several for the same channels.
    public var task: String?
    /// Labels that are known by their texts alone and answer in place of the bundle's; nil for the bundle's own.
    public var labels: LabelTexts?
    /// Rows whose times lie further apart or closer than in training by more than this share are told. A tenth: clocks
    /// and sampling wander by a few hundredths, while another rate is mostly a multiple.
    public var rateTolerance = 0.1
    /// For which windows the share of each sensor is found out. All: whoever looks wants to know why; it takes a third to
    /// most of the time, the more the more sensors there are.
    public var contributions = FaultPipeline.Contributions.all
    /// Threads that share the work.
    public var threads = 1

    /// - Parameter path: a CSV file, `-` for standard input, or a broker's address.
    public init(path: String) { self.path = path }
  }

  /// What is known before the first window.
  public struct Opening: Sendable {
    /// Of the task, in the order of the probabilities.
    public var labels: [String]
    /// Of each label, where there is one.
    public var descriptions: [String?]
    /// Names of the channels.
    public var sensors: [String]
    /// Rows of a window, and from one to the next.
    public var rows: Int
    /// Rows from one window to the next.
    public var stride: Int
    /// What the user should know of the columns.
    public var notes: [String]
  }

  /// What came of it.
  public struct Summary: Sendable {
    /// Windows predicted.
    public var windows = 0
    /// Those of them that raised an alarm.
    public var alarms = 0
    /// Those of them that a person should look at.
    public var needCheck = 0
    /// The first window that raised an alarm.
    public var firstAlarm: FaultPrediction?
    /// Rows that could not be read.
    public var refused = RefusedRows()
    /// Rows whose values could be read, but not their time.
    public var unreadableTimes = 0
    /// The last data row read, 1 being the first.
    public var lastRow = 0
    /// What happened to a followed file.
    public var notes: [String] = []

    mutating func count(_ predictions: [FaultPrediction]) {
      windows += predictions.count
      alarms += predictions.count { $0.alarm }
      needCheck += predictions.count { $0.needsCheck }
      if firstAlarm == nil { firstAlarm = predictions.first { $0.alarm } }
    }
  }

  /// What the user asked for.
  public var options: Options
  /// Who answers.
  public var answerer: Answerer
  /// Told what was learned from a normal period, before anything is judged; nil where nobody keeps it, and a recording
  /// with nothing to judge is then refused.
  public var learned: (@Sendable (NormalDetector) throws -> Void)?
  /// Told once, before the first window.
  public var opened: @Sendable (Opening) -> Void
  /// Told the last row that was read.
  public var progress: @Sendable (Int) -> Void

  /// - Parameters:
  ///   - opened: told once, before the first window.
  ///   - progress: told the last row that was read.
  public init(
    _ options: Options, bundle: ModelBundle, opened: @escaping @Sendable (Opening) -> Void = { _ in },
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.init(options, by: .bundle(bundle), opened: opened, progress: progress)
  }

  /// - Parameters:
  ///   - answerer: a bundle, or a detector of what is unlike normal operation.
  ///   - opened: told once, before the first window.
  ///   - progress: told the last row that was read.
  ///   - learned: told what was learned from a normal period, before anything is judged.
  public init(
    _ options: Options, by answerer: Answerer, opened: @escaping @Sendable (Opening) -> Void = { _ in },
    progress: @escaping @Sendable (Int) -> Void = { _ in },
    learned: (@Sendable (NormalDetector) throws -> Void)? = nil
  ) {
    (self.options, self.answerer, self.opened, self.progress) = (options, answerer, opened, progress)
    self.learned = learned
  }

  /// Reads to the end.
  ///
  /// Standard input that is cancelled counts as ended; a file that is cancelled throws.
  /// - Parameter take: gets the predictions in order, some at a time.
  /// - Throws: `DecodingError` and `BundleError`; a recording shorter than one window is refused.
  public func run(_ take: ([FaultPrediction]) throws -> Void) throws -> Summary {
    var reader = try SensorReader(path: options.path)
    let learning = try learn(reader.header) { try reader.next() }
    let (pipeline, match) = try start(reader.header, learning?.detector)
    var cutter = self.cutter(pipeline, match)
    let team = ReplicaTeam(options.threads)
    var summary = Summary()
    do {
      for block in learning?.blocks ?? [] {
        try predict(
          block, match, &cutter, pipeline, team, &summary, unjudged: learning?.rows,
          stops: options.path != "-", hurries: true, take)
      }
      while let block = try reader.next() {
        try predict(
          block, match, &cutter, pipeline, team, &summary, stops: options.path != "-", hurries: true, take)
        progress(reader.lastRow)
      }
    } catch let error as DecodingError where error.code == .cancelled && options.path == "-" {
      // Whoever stops a stream wants what was predicted so far.
    }
    (summary.refused, summary.lastRow) = (reader.refusedRows, reader.lastRow)
    summary.unreadableTimes = reader.unreadableTimes
    guard summary.windows > 0 || (learning != nil && learned != nil) else {
      throw tooShort(summary, pipeline)
    }
    return summary
  }

  /// Cuts the windows that are asked about.
  func cutter(_ pipeline: any WindowAnswering, _ match: ChannelMatch) -> WindowCutter {
    var cutter = WindowCutter(
      rows: pipeline.rows, stride: options.every ?? pipeline.stride, channels: match.columns.count)
    cutter.tracker = pipeline.tracker
    cutter.watch = pipeline.watch(columns: match.columns, rateTolerance: options.rateTolerance)
    return cutter
  }

  /// Matches the columns and tells what is known.
  /// - Parameter learned: where a detector answers that was learned just now.
  func start(
    _ header: SensorHeader, _ learned: NormalDetector? = nil
  ) throws -> (any WindowAnswering, ChannelMatch) {
    let bundle: ModelBundle
    switch (answerer, learned) {
    case (_, let detector?), (.detector(let detector), nil): return try start(detector, header)
    case (.bundle(let own), nil): bundle = own
    case (.normal(let period, _), nil):
      preconditionFailure("Nothing was learned from \(period.text).")
    }
    let match = try ChannelMatch(header, sets: bundle.description.series?.sets ?? [], path: options.path)
    let asked = try options.labels.map { try ZeroShotLabels($0, bundle: bundle, task: options.task) }
    try asked?.requireComparison()
    var pipeline = try FaultPipeline(bundle, set: match.set, task: options.task, asked: asked)
    pipeline.contributions = options.contributions
    let notice = asked == nil ? [] : [ZeroShotLabels.notice + " No window alarms."]
    opened(
      Opening(
        labels: pipeline.labels, descriptions: pipeline.labelDescriptions,
        sensors: pipeline.channelSet.channels.map(\.name), rows: pipeline.rows,
        stride: options.every ?? pipeline.stride, notes: match.notes + notice))
    return (pipeline, match)
  }

  /// Cuts the windows of a block and predicts them, some at a time.
  /// - Parameters:
  ///   - unjudged: rows that a detector was learned from: windows that end there are not asked about.
  ///   - stops: whether to stop between them when the surrounding task is cancelled.
  ///   - hurries: whether the very first go as soon as every thread has one, so that whoever waits sees them early.
  func predict(
    _ block: Series, _ match: ChannelMatch, _ cutter: inout WindowCutter, _ pipeline: any WindowAnswering,
    _ team: ReplicaTeam, _ summary: inout Summary, unjudged: ClosedRange<Int>? = nil, stops: Bool = false,
    hurries: Bool = false,
    _ take: ([FaultPrediction]) throws -> Void
  ) throws {
    let atOnce = max(1, min(64, PredictJob.valuesAtOnce / (cutter.rows * cutter.channels)))
    var windows: [WindowCutter.Window] = []
    for place in 0..<block.count {
      if let window = cutter.take(place, of: block, columns: match.columns),
        unjudged?.contains(window.lastRow) != true
      {
        windows.append(window)
      }
      let wanted = hurries && summary.windows == 0 ? min(atOnce, team.count) : atOnce
      guard windows.count >= wanted || (place == block.count - 1 && !windows.isEmpty) else { continue }
      if stops && Task.isCancelled {
        throw DecodingError(
          .cancelled, file: options.path, reason: "Predicting was stopped.", remedy: "Run the command again.")
      }
      let predictions = try pipeline.predict(windows, on: team)
      summary.count(predictions)
      try take(predictions)
      windows.removeAll(keepingCapacity: true)
    }
  }

  /// Values of the windows that are predicted together, at most.
  private static let valuesAtOnce = 1 << 21

  private func tooShort(_ summary: Summary, _ pipeline: any WindowAnswering) -> DecodingError {
    let rows = summary.lastRow - summary.refused.count
    let refused = summary.refused.examples.first.map {
      " \(summary.refused.count) rows cannot be read; the first: \($0)"
    }
    if case .normal = answerer {
      return DecodingError(
        .truncated, file: options.path,
        reason: "Nothing is left to judge outside the normal period.\(refused ?? "")",
        remedy: "Name a shorter period, or keep what was learned with --save-detector.")
    }
    return DecodingError(
      .truncated, file: options.path,
      reason: "There are \(rows) rows that can be read; one window has \(pipeline.rows).\(refused ?? "")",
      remedy: "Record longer, or name a bundle or detector with shorter windows.")
  }
}
