import Decoders
import Faults
import Foundation
import Training

extension PredictJob {
  /// What is saved with the place in a followed file: the rows that wait for their window, and how far the output
  /// reaches.
  private struct Attachment: Codable {
    static let currentVersion = 1

    var version = Self.currentVersion
    /// Of the bundle; windows of another one would not continue these.
    var bundle: String
    var set: Int
    var cutter: WindowCutter.Saved
    /// Bytes of the output that belong to the rows done with; nil where the output is no file.
    var written: Int?
  }

  /// Where predictions of a followed file go.
  public struct Sink {
    /// Called once before the first window with the length of the output that is to be kept: what stands behind it
    /// was written after the place was saved and comes again. Nil: the output starts anew.
    public var begin: (Int?) throws -> Void
    /// Takes predictions and puts them where they stay; gives the length of the output then, nil where it is no file.
    public var take: ([FaultPrediction]) throws -> Int?

    /// - Parameters:
    ///   - begin: opens the output.
    ///   - take: writes predictions and tells the output's length.
    public init(begin: @escaping (Int?) throws -> Void, take: @escaping ([FaultPrediction]) throws -> Int?) {
      (self.begin, self.take) = (begin, take)
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
      let (pipeline, match) = try start(follower.header)
      var cutter = cutter(pipeline, match)
      var written: Int?
      if let data = follower.restoredAttachment {
        (cutter, written) = try restored(data, cutter, match, state ?? "")
        try sink.begin(written ?? 0)
      } else {
        // First, so that a restart knows the output for its own, however soon the program ends.
        try follower.savePlace(attachment: attachment(cutter, match, written))
        try sink.begin(nil)
      }
      summary.lastRow = follower.lastRow
      let team = ReplicaTeam(options.threads)
      while true {
        let block = try follower.next(4096)
        try predict(block, match, &cutter, pipeline, team, &summary) { written = try sink.take($0) }
        try follower.savePlace(attachment: attachment(cutter, match, written))
        (summary.refused, summary.lastRow) = (follower.refusedRows, follower.lastRow)
        (summary.notes, summary.unreadableTimes) = (follower.notes, follower.unreadableTimes)
        progress(follower.lastRow)
      }
    } catch let error as DecodingError where error.code == .cancelled {
      return summary
    }
  }

  private func attachment(_ cutter: WindowCutter, _ match: ChannelMatch, _ written: Int?) throws -> Data {
    try JSONEncoder().encode(
      Attachment(bundle: bundle.sha256, set: match.set, cutter: cutter.saved, written: written))
  }

  private func source(_ state: String?, _ interval: Duration) throws -> any RowSource {
    guard BrokerAddress.isOne(options.path) else {
      return try SensorFollower(path: options.path, placeFile: state, interval: interval)
    }
    let address = try BrokerAddress(options.path)
    var messages = options.messages
    messages.expected = (bundle.description.series?.sets ?? []).map { $0.channels.map(\.name) }
    return try MessageSource(
      address, broker: options.broker ?? BrokerOptions(client: "braid"), options: messages, placeFile: state)
  }

  private func restored(
    _ data: Data, _ fresh: WindowCutter, _ match: ChannelMatch, _ state: String
  ) throws -> (WindowCutter, Int?) {
    func refusal(_ reason: String) -> BundleError {
      BundleError(
        path: state, reason: reason,
        remedy: "Use the same bundle and --every as before, or remove the file and the output to begin anew.")
    }
    guard let saved = try? JSONDecoder().decode(Attachment.self, from: data),
      saved.version == Attachment.currentVersion, let cutter = WindowCutter(saved.cutter, watch: fresh.watch)
    else { throw refusal("The saved place is damaged or of another version.") }
    guard saved.bundle == bundle.sha256, saved.set == match.set else {
      throw refusal("The place was saved with another bundle.")
    }
    guard cutter.rows == fresh.rows, cutter.stride == fresh.stride, cutter.channels == fresh.channels else {
      throw refusal(
        "The place was saved with windows every \(cutter.stride) rows, not every \(fresh.stride).")
    }
    return (cutter, saved.written)
  }
}
