import Crypto
import Foundation

/// SHA-256 of files, in hexadecimal.
enum FileDigest {
  /// Of nothing where the file cannot be read.
  static func sha256(path: String) -> String {
    SHA256.hash(data: FileManager.default.contents(atPath: path) ?? Data())
      .map { String(format: "%02x", $0) }.joined()
  }
}
