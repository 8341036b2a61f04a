import Files
import Foundation

/// How far a followed recording has been read; what a restart goes on from.
struct FollowPlace: Codable, Equatable {
  static let currentVersion = 1

  var version = Self.currentVersion
  /// Which file, whatever it is called by now.
  var device: UInt64, inode: UInt64
  /// Bytes of that file that are done with.
  var offset: Int
  /// The last data row that is done with, counted over all files of the recording.
  var row: Int
  /// The first bytes of the file and the last ones before `offset`: they tell whether a file is still the one that
  /// was read, even where it was copied, compressed or its inode given to another.
  var head: Data, tail: Data
  var layout: SensorLayout
  /// What the reader of the rows wants to find again with the place.
  var attachment: Data?

  static let fingerprintBytes = 256

  func isOf(_ file: FileIdentity) -> Bool { device == file.device && inode == file.inode }

  /// Nil where nothing was saved yet.
  static func load(_ file: String) throws(DecodingError) -> FollowPlace? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    guard let data = FileManager.default.contents(atPath: file),
      let place = try? JSONDecoder().decode(FollowPlace.self, from: data), place.offset >= 0, place.row >= 0
    else {
      throw DecodingError(
        .malformed, file: file, reason: "This is no place that was saved while following a recording.",
        remedy: "Remove the file to read the recording from its start.")
    }
    guard place.version == currentVersion else {
      throw DecodingError(
        .unsupported, file: file,
        reason:
          "The place was saved in format \(place.version); this program reads format \(currentVersion).",
        remedy: "Use the newer program, or remove the file to read the recording from its start.")
    }
    return place
  }

  func save(_ file: String) throws(WritingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else {
      throw WritingError(
        path: file, reason: "The place cannot be written as JSON.", remedy: "Choose another place file.")
    }
    try AtomicFile.write(data, to: file)
  }
}
