import Encoders
import Foundation

/// What stands beside the weights of CLIP.
enum ClipFolder {
  /// - Parameters:
  ///   - rows: of the table of tokens.
  ///   - end: id of the token that the model takes for the end of a text; nil where nothing is said.
  static func tokenizer(
    _ folder: ImportFolder, rows: Int, end: Int?, _ check: CheckedConfiguration
  ) throws -> any Tokenizer {
    let manager = FileManager.default
    let path = folder.model + "/tokenizer.json"
    let (list, merges) = (folder.model + "/vocab.json", folder.model + "/merges.txt")
    let tokenizer: any Tokenizer
    if manager.fileExists(atPath: path) {
      tokenizer = try Tokenizers.read(path: path)
    } else if manager.fileExists(atPath: list), manager.fileExists(atPath: merges) {
      tokenizer = try WordEndTokenizer(vocabulary: list, merges: merges)
    } else {
      throw BundleError(
        path: folder.model,
        reason: "There is no vocabulary: neither tokenizer.json nor vocab.json with merges.txt.",
        remedy: "Copy the tokenizer's files into the folder.")
    }
    guard tokenizer.count <= rows else {
      throw check.refusal(
        "The vocabulary has \(tokenizer.count) entries and the model \(rows) (vocab_size); they do not belong together."
      )
    }
    // 2 stands in the files of the first models, which took the highest id for the end: that of their end token.
    if let end, end != 2, end != tokenizer.specials.end {
      throw check.refusal(
        "The model takes the token \(end) for the end of a text (eos_token_id), the vocabulary \(tokenizer.specials.end)."
      )
    }
    return tokenizer
  }
}
