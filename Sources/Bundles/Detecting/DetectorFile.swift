import Crypto
import Faults
import Files
import Foundation

/// A detector in a file: JSON with a version.
public struct DetectorFile: Sendable {
  private struct Content: Codable {
    var braidDetector: Int
    var detector: NormalDetector
  }

  private struct Version: Codable { var braidDetector: Int }

  /// What this program writes, and the newest that it reads.
  public static let version = 1

  /// Writes a detector whole or not at all.
  /// - Throws: `WritingError`.
  public static func write(_ detector: NormalDetector, to path: String) throws {
    try AtomicFile.write(data(detector) + Data("\n".utf8), to: path)
  }

  /// The same detector gives the same bytes.
  static func data(_ detector: NormalDetector) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Content(braidDetector: version, detector: detector))
  }

  /// Digest of what a detector knows.
  static func digest(_ detector: NormalDetector) throws -> String {
    SHA256.hash(data: try data(detector)).map { String(format: "%02x", $0) }.joined()
  }

  /// Reads a detector.
  /// - Throws: `BundleError` for a missing or damaged file, and for one of a newer version.
  public static func read(_ path: String) throws -> NormalDetector {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BundleError(
        path: path, reason: "The detector cannot be read.",
        remedy: "Name a file that --save-detector wrote.")
    }
    return try read(data, path: path)
  }

  static func read(_ data: Data, path: String) throws -> NormalDetector {
    let remedy = "Learn it again with --normal and --save-detector."
    guard let found = try? JSONDecoder().decode(Version.self, from: data) else {
      throw BundleError(path: path, reason: "This is no detector, or a damaged one.", remedy: remedy)
    }
    guard (1...version).contains(found.braidDetector) else {
      throw BundleError(
        path: path,
        reason: "The detector has version \(found.braidDetector); this program reads up to \(version).",
        remedy: "Use a newer braid, or learn it again with --normal and --save-detector.")
    }
    guard let content = try? JSONDecoder().decode(Content.self, from: data), content.detector.isSound else {
      throw BundleError(
        path: path, reason: "The detector is damaged: its parts do not fit together.", remedy: remedy)
    }
    return content.detector
  }
}
