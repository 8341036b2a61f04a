import Crypto
import Foundation

/// One signing, as one line of `signatures.jsonl`. Each entry holds the hash of the one before, so that none can be
/// changed, taken out or put in between without all that follow.
struct ChainEntry: Sendable, Equatable, Codable {
  /// Hash of the entry before; 64 zeros for the first.
  var previous: String
  var signer: String
  var signed: ISOTime
  /// The file that keeps the draft, in the report's folder.
  var draft: String
  var draftSHA256: String
  /// Of `report.json` as signed.
  var reportSHA256: String
  /// Of the inputs' paths and hashes, in order.
  var inputsSHA256: String

  static let none = String(repeating: "0", count: 64)

  /// The line in the file, without its end; also what is hashed.
  var line: String {
    let fields = [
      ("previous", previous), ("signer", signer), ("signed", signed.description), ("draft", draft),
      ("draftSHA256", draftSHA256), ("reportSHA256", reportSHA256), ("inputsSHA256", inputsSHA256),
    ]
    let pairs = fields.map { OrderedJSON.quoted($0.0) + ":" + OrderedJSON.quoted($0.1) }
    return "{" + pairs.joined(separator: ",") + "}"
  }

  var hash: String { SHA256.hash(data: Data(line.utf8)).hex }

  static func hash(of inputs: [ReportDocument.Input]) -> String {
    let list = OrderedJSON.list(inputs.flatMap { [.string($0.path), .string($0.sha256)] })
    return SHA256.hash(data: Data(list.text.utf8)).hex
  }
}

/// Hashes of files.
enum FileHash {
  /// SHA-256 in hexadecimal; nil where the file cannot be read.
  static func sha256(_ path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
    } catch {
      return nil
    }
    return hash.finalize().hex
  }
}
