import Files
import Foundation

/// How far the messages of a broker have been taken; what a restart goes on from.
struct MessagePlace: Codable {
  static let currentVersion = 1

  var version = Self.currentVersion
  /// Broker, topic and client: the session whose messages these are.
  var session: String
  var reader: PayloadReader
  /// Nil until the plan of the rows is known.
  var maker: RowMaker?
  /// Messages that came before that.
  var waiting: [Message] = []
  /// Marks of the latest messages with a time or a number of their own, which are the same only where they came twice.
  var recent: [UInt64] = []
  /// Messages taken whose acknowledgement may not have reached the broker: their packets may come again, first of all
  /// that comes over the next connection.
  var open: [Taken] = []
  /// What the reader of the rows wants to find again with the place.
  var attachment: Data?

  struct Taken: Codable, Equatable {
    var id: Int
    var mark: UInt64
  }

  /// So many marks are kept: far more than brokers send ahead of acknowledgements (20 by Mosquitto's default).
  private static let kept = 512

  init(session: String, columns: [String]?) {
    (self.session, reader) = (session, PayloadReader(columns: columns))
  }

  mutating func remember(_ mark: UInt64) {
    recent.append(mark)
    if recent.count > 2 * Self.kept { recent.removeFirst(recent.count - Self.kept) }
  }

  /// Nil where nothing was saved yet.
  static func load(_ file: String, session: String) throws(DecodingError) -> MessagePlace? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let remedy = "Remove the file to begin anew."
    guard let data = FileManager.default.contents(atPath: file),
      let place = try? JSONDecoder().decode(MessagePlace.self, from: data)
    else {
      throw DecodingError(
        .malformed, file: file, reason: "This is no place that was saved while reading from a broker.",
        remedy: remedy)
    }
    guard place.version == currentVersion else {
      throw DecodingError(
        .unsupported, file: file,
        reason:
          "The place was saved in format \(place.version); this program reads format \(currentVersion).",
        remedy: "Use the newer program, or remove the file to begin anew.")
    }
    guard place.session == session else {
      throw DecodingError(
        .unsupported, file: file, reason: "The place belongs to \(place.session), not to \(session).",
        remedy: "Use the same address, client and columns as before, or remove the file to begin anew.")
    }
    return place
  }

  func save(_ file: String) throws(WritingError) {
    guard let data = try? JSONEncoder().encode(self) else {
      throw WritingError(
        path: file, reason: "The place cannot be written as JSON.", remedy: "Choose another place file.")
    }
    try AtomicFile.write(data, to: file)
  }
}
