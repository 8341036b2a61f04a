import Foundation

/// Earlier events, of this recording and of others, that new ones are compared with.
///
/// Two events are alike where the same sensors show them: the cosine between their mean shares, 1 where these stand in
/// the same proportions, 0 where no sensor is in both. Events of the same fault come first. Memory is bounded.
public struct EventHistory: Sendable, Equatable {
  /// An earlier event and how alike it is.
  public struct Match: Sendable, Equatable {
    /// The earlier one.
    public var event: PastEvent
    /// 0 to 1.
    public var likeness: Double

    var json: String {
      "{\"in\":\(JSONLine.text(event.source)),\"event\":\(event.number),\"row\":\(event.start.row),"
        + "\"time\":\(JSONLine.text(event.start.time)),\"fault\":\(JSONLine.text(event.fault)),"
        + "\"likeness\":\(JSONLine.number(likeness))}"
    }
  }

  /// The latest events are kept, this many of each source of them: this recording and the history.
  public static let limit = 1000
  /// Earlier events that are told of one.
  public static let told = 3

  /// Of other recordings.
  public private(set) var others: [PastEvent]
  /// Of this one.
  public internal(set) var own: [PastEvent] = []

  /// - Parameter others: of other recordings, the latest last.
  public init(others: [PastEvent] = []) { self.others = others.suffix(EventHistory.limit) }

  mutating func add(_ event: FaultEvent) {
    own.append(PastEvent(event))
    if own.count > EventHistory.limit { own.removeFirst(own.count - EventHistory.limit) }
  }

  /// The earlier events that are most alike, the same fault first.
  public func nearest(to event: FaultEvent) -> [Match] {
    let shares = PastEvent(event).sensors
    let matches = (own + others).filter { $0.source != PastEvent.here || $0.number != event.number }.map {
      Match(event: $0, likeness: EventHistory.likeness($0.sensors, shares))
    }
    return Array(
      matches.enumerated().sorted { a, b in
        let same = (a.element.event.fault == event.fault, b.element.event.fault == event.fault)
        if same.0 != same.1 { return same.0 }
        if a.element.likeness != b.element.likeness { return a.element.likeness > b.element.likeness }
        return a.offset < b.offset
      }.prefix(EventHistory.told).map(\.element))
  }

  static func likeness(_ a: [String: Double], _ b: [String: Double]) -> Double {
    // In the order of the names: sums must not depend on how a dictionary lies in memory.
    let product = a.keys.sorted().reduce(0.0) { $0 + (a[$1] ?? 0) * (b[$1] ?? 0) }
    func square(_ shares: [String: Double]) -> Double {
      shares.keys.sorted().reduce(0.0) { $0 + (shares[$1] ?? 0) * (shares[$1] ?? 0) }
    }
    let size = (square(a) * square(b)).squareRoot()
    return size > 0 && product.isFinite ? min(1, product / size) : 0
  }

  /// Reads the events of a file that `--events` wrote.
  /// - Parameter source: what the file is called in results.
  /// - Throws: `EventHistoryError` that names the line which is no event.
  public static func read(_ text: String, source: String) throws(EventHistoryError) -> [PastEvent] {
    var events: [PastEvent] = []
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(line.utf8)) else {
        throw EventHistoryError(source: source, line: place + 1)
      }
      events.append(
        PastEvent(
          source: source, number: stored.event, fault: stored.fault,
          start: EventMoment(row: stored.startRow, time: stored.startTime), sensors: stored.sensors))
    }
    return events
  }

  private struct Stored: Decodable {
    var event: Int, fault: String, startRow: Int, startTime: String?, sensors: [String: Double]
  }
}

/// A file of earlier events that is none.
public struct EventHistoryError: Error, CustomStringConvertible, Equatable {
  /// The file.
  public var source: String
  /// The first line that is no event, 1 being the first.
  public var line: Int

  /// Place, reason and remedy.
  public var description: String {
    "\(source), line \(line): This is no event. Name a file of JSON lines that --events wrote."
  }
}
