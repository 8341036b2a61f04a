import Crypto
import Decoders
import Foundation

/// One file of a study: what came of reading and routing it.
struct StudyPart: Sendable {
  /// Relative to the study's folder.
  var name: String
  var path: String
  var kind: ScanKind
  var sha256: String
  var view: String?
  var routed: RoutedInput?
  /// Why it could not be read, or why no task takes it.
  var refusal: Decoders.DecodingError?

  /// Hash of a file's bytes, in hexadecimal; empty where it cannot be read.
  static func hash(_ path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    var hash = SHA256()
    while let part = try? file.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }

  static func relative(_ path: String, to root: String) -> String {
    let base = root.hasSuffix("/") ? root : root + "/"
    if path.hasPrefix(base) { return String(path.dropFirst(base.count)) }
    return root == "." && path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }
}
