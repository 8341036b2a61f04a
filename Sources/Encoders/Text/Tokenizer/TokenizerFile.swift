import Foundation

/// What reading a tokenizer's file has in common.
enum TokenizerFile {
  /// Published tokenizer files stay below 40 MB; a larger one is something else.
  static let largest = 256 << 20
  /// Ids index arrays; published vocabularies stay below 300 000.
  static let largestID = 4_000_000

  static func bytes(_ path: String) throws(TokenizerError) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw TokenizerError(
        .notFound, path: path, reason: "There is no such file.", remedy: "Check the path to the tokenizer.")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TokenizerError(
        .unreadable, path: path, reason: "This is no regular file.",
        remedy: "Give the path of tokenizer.json or vocab.txt.")
    }
    guard status.st_size <= largest else {
      throw TokenizerError(
        .tooLarge, path: path, reason: "The file has \(status.st_size) bytes; the limit is \(largest).",
        remedy: "Check that this is a tokenizer's file.")
    }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw TokenizerError(
        .unreadable, path: path, reason: "The file cannot be read.", remedy: "Check its permissions.")
    }
  }
}
