import Decoders
import Faults
import Foundation
import Training

extension PredictJob {
  /// What is saved with the place in a followed file: the rows that wait for their window, and how far the output
  /// reaches.
  private struct Attachment: Codable {
    static let currentVersion = 2

    var version = Self.currentVersion
    /// Of the bundle; windows of another one would not continue these.
    var bundle: String
    var set: Int
    var cutter: WindowCutter.Saved
    /// Bytes of the output that belong to the rows done with; nil where the output is no file.
    var written: Int?
    /// What the sink wants to find again.
    var sink: Data?
    /// What was learned from the followed file's normal period, and the period; nil where nothing was.
    var detector: Data?
    var period: String?
  }

  /// Where predictions of a followed file go.
  public struct Sink {
    /// Called once before the first window with the length of the output that is to be kept: what stands behind it
    /// was written after the place was saved and comes again. Nil: the output starts anew.
    public var begin: (Int?) throws -> Void
    /// Takes predictions and puts them where they stay; gives the length of the output then, nil where it is no file.
    public var take: ([FaultPrediction]) throws -> Int?
    /// What is to be saved with the place, asked for after every block of rows.
    public var saved: () throws -> Data?
    /// Called before `begin` with what `saved` gave when the place was saved; nil at a first start, or where it gave
    /// nothing.
    public var restore: (Data?) throws -> Void

    /// - Parameters:
    ///   - begin: opens the output.
    ///   - take: writes predictions and tells the output's length.
    ///   - saved: gives what a restart is to find again.
    ///   - restore: takes it.
    public init(
      begin: @escaping (Int?) throws -> Void, take: @escaping ([FaultPrediction]) throws -> Int?,
      saved: @escaping () throws -> Data? = { nil }, restore: @escaping (Data?) throws -> Void = { _ in }
    ) {
      (self.begin, self.take, self.saved, self.restore) = (begin, take, saved, restore)
    }
  }

  /// Follows a file that is being written, or the messages of a broker, until the surrounding task is cancelled.
  ///
  /// The place, the rows that wait for their window and the length of the output are saved together after every
  /// block of rows. A restart goes on there: with a file as output, however the program ended, no window is lost and
  /// none stands twice.
  /// - Parameters:
  ///   - state: the file for the place; nil: a restart begins anew.
  ///   - interval: how often to look for new rows.
  /// - Throws: `DecodingError`, `WritingError`; `BundleError` when the state was saved with another bundle or other
  ///   windows.
  public func follow(state: String?, interval: Duration = .milliseconds(200), into sink: Sink) throws
    -> Summary
  {
    var summary = Summary()
    do {
      var follower = try source(state, interval)
      // Until the period is over no place is saved: a restart reads the file from its start again.
      let known = try follower.restoredAttachment.flatMap { try learnedBefore($0, state ?? "") }
      let learning = known == nil ? try learn(follower.header) { try follower.next(4096) } : nil
      let detector = known ?? learning?.detector
      let (pipeline, match) = try start(follower.header, detector)
      var cutter = self.cutter(pipeline, match)
      let (learned, period) = (try detector.map(DetectorFile.data), periodText)
      func attachment(_ cutter: WindowCutter, _ match: ChannelMatch, _ written: Int?) throws -> Data {
        try JSONEncoder().encode(
          Attachment(
            bundle: pipeline.identity, set: match.set, cutter: cutter.saved, written: written,
            sink: try sink.saved(), detector: learned, period: period))
      }
      var waiting = learning?.blocks ?? []
      var written: Int?
      if let data = follower.restoredAttachment {
        let saved: Data?
        (cutter, written, saved) = try restored(data, cutter, match, pipeline, state ?? "")
        try sink.restore(saved)
        try sink.begin(written ?? 0)
      } else {
        try sink.restore(nil)
        // Early, so that a restart knows the outputs for its own, however soon the program ends. Rows that were learned
        // from still wait to be passed on: their place is not to be saved yet.
        if learning == nil { try follower.savePlace(attachment: attachment(cutter, match, written)) }
        try sink.begin(nil)
      }
      summary.lastRow = follower.lastRow
      let team = ReplicaTeam(options.threads)
      while true {
        let blocks = waiting.isEmpty ? [try follower.next(4096)] : waiting
        for block in blocks {
          try predict(block, match, &cutter, pipeline, team, &summary, unjudged: learning?.rows) {
            written = try sink.take($0)
          }
        }
        waiting = []
        try follower.savePlace(attachment: attachment(cutter, match, written))
        (summary.refused, summary.lastRow) = (follower.refusedRows, follower.lastRow)
        (summary.notes, summary.unreadableTimes) = (follower.notes, follower.unreadableTimes)
        progress(follower.lastRow)
      }
    } catch let error as DecodingError where error.code == .cancelled {
      return summary
    }
  }

  private func source(_ state: String?, _ interval: Duration) throws -> any RowSource {
    guard BrokerAddress.isOne(options.path) else {
      return try SensorFollower(path: options.path, placeFile: state, interval: interval)
    }
    let address = try BrokerAddress(options.path)
    var messages = options.messages
    messages.expected = answerer.channels
    return try MessageSource(
      address, broker: options.broker ?? BrokerOptions(client: "braid"), options: messages, placeFile: state)
  }

  private func restored(
    _ data: Data, _ fresh: WindowCutter, _ match: ChannelMatch, _ pipeline: any WindowAnswering,
    _ state: String
  ) throws -> (WindowCutter, Int?, Data?) {
    func refusal(_ reason: String) -> BundleError { PredictJob.refusal(state, reason) }
    guard let saved = try? JSONDecoder().decode(Attachment.self, from: data),
      saved.version == Attachment.currentVersion, let cutter = WindowCutter(saved.cutter, watch: fresh.watch)
    else { throw refusal("The saved place is damaged or of another version.") }
    guard saved.bundle == pipeline.identity, saved.set == match.set else {
      throw refusal("The place was saved with another bundle or detector.")
    }
    guard cutter.rows == fresh.rows, cutter.stride == fresh.stride, cutter.channels == fresh.channels else {
      throw refusal(
        "The place was saved with windows every \(cutter.stride) rows, not every \(fresh.stride).")
    }
    return (cutter, saved.written, saved.sink)
  }

  /// What was learned before the place was saved; nil where nothing is to be learned.
  private func learnedBefore(_ data: Data, _ state: String) throws -> NormalDetector? {
    guard case .normal(_, let settings) = answerer else { return nil }
    guard let saved = try? JSONDecoder().decode(Attachment.self, from: data), let known = saved.detector
    else {
      throw PredictJob.refusal(state, "The place was saved by another bundle or detector.")
    }
    let detector = try DetectorFile.read(known, path: state)
    guard saved.period == periodText, detector.settings == settings else {
      throw PredictJob.refusal(state, "The place was saved with another normal period or other settings.")
    }
    return detector
  }

  private var periodText: String? {
    if case .normal(let period, _) = answerer { period.text } else { nil }
  }

  private static func refusal(_ state: String, _ reason: String) -> BundleError {
    BundleError(
      path: state, reason: reason,
      remedy:
        "Use the same bundle, detector or period and --every as before, or remove the file and the output to "
        + "begin anew.")
  }
}
