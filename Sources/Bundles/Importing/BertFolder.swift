import Encoders
import Foundation

/// What stands beside the weights of a text encoder.
enum BertFolder {
  /// The longest input in tokens: what the folder says, within what the positions allow.
  static func length(_ folder: ImportFolder, at most: Int) throws -> Int {
    struct Sentences: Decodable { var maxSeqLength: Int? }
    struct Tokens: Decodable { var modelMaxLength: Double? }
    let said =
      try folder.json(Sentences.self, "sentence_bert_config.json")?.maxSeqLength
      // Where there is no limit, transformers writes 10^30.
      ?? folder.json(Tokens.self, "tokenizer_config.json")?.modelMaxLength.flatMap {
        $0 < 1e9 ? Int($0) : nil
      }
    return max(2, min(most, 8192, said ?? most))
  }

  static func tokenizer(
    _ folder: ImportFolder, rows: Int, _ check: CheckedConfiguration
  ) throws -> any Tokenizer {
    struct Settings: Decodable {
      var doLowerCase: Bool?
      var stripAccents: Bool?
      var tokenizeChineseChars: Bool?
    }
    let manager = FileManager.default
    let path = folder.model + "/tokenizer.json", list = folder.model + "/vocab.txt"
    let tokenizer: any Tokenizer
    if manager.fileExists(atPath: path) {
      tokenizer = try Tokenizers.read(path: path)
    } else if manager.fileExists(atPath: list) {
      let settings = try folder.json(Settings.self, "tokenizer_config.json")
      let uncased = settings?.doLowerCase ?? true
      guard settings?.stripAccents ?? uncased == uncased, settings?.tokenizeChineseChars != false else {
        throw BundleError(
          path: folder.model + "/tokenizer_config.json",
          reason: "Its way of cleaning text needs a tokenizer.json.",
          remedy:
            "Save the tokenizer with a current transformers, which writes tokenizer.json, and import again.")
      }
      tokenizer = try WordPieceTokenizer(vocabulary: list, uncased: uncased)
    } else {
      throw BundleError(
        path: folder.model, reason: "There is no vocabulary: neither tokenizer.json nor vocab.txt.",
        remedy: "Copy the tokenizer's files into the folder.")
    }
    guard tokenizer.count <= rows else {
      throw check.refusal(
        "The vocabulary has \(tokenizer.count) entries and the model \(rows) (vocab_size); they do not belong together."
      )
    }
    struct Sentences: Decodable { var doLowerCase: Bool? }
    if try folder.json(Sentences.self, "sentence_bert_config.json")?.doLowerCase == true,
      (tokenizer as? WordPieceTokenizer)?.isUncased != true
    {
      throw BundleError(
        path: folder.model + "/sentence_bert_config.json",
        reason: "do_lower_case is set, but the tokenizer tells capitals from small letters.",
        remedy: "Save the tokenizer with lower-casing in its tokenizer.json.")
    }
    return tokenizer
  }

  /// How tokens become one vector: what the user asked for, else what the folder says, else their mean.
  static func pooling(
    _ folder: ImportFolder, asked: TokenPooling?, _ notes: inout [String]
  ) throws -> TokenPooling {
    if let other = folder.modules.first(where: { !["Transformer", "Pooling", "Normalize"].contains($0.kind) })
    {
      throw BundleError(
        path: folder.path + "/modules.json", reason: "The module \(other.kind) is not supported.",
        remedy: "Supported are Transformer, Pooling and Normalize.")
    }
    if !folder.modules.isEmpty, !folder.modules.contains(where: { $0.kind == "Normalize" }) {
      notes.append(
        "The original leaves embeddings at their own length; Braid's have length 1, the same direction.")
    }
    if let asked { return asked }
    struct Pooling: Decodable {
      var poolingMode: String?
      var poolingModeClsToken: Bool?
      var poolingModeMeanTokens: Bool?
      var poolingModeMaxTokens: Bool?
      var poolingModeMeanSqrtLenTokens: Bool?
      var poolingModeWeightedmeanTokens: Bool?
      var poolingModeLasttoken: Bool?

      var modes: [String] {
        let flags = [
          ("cls", poolingModeClsToken), ("mean", poolingModeMeanTokens), ("max", poolingModeMaxTokens),
          ("mean_sqrt_len_tokens", poolingModeMeanSqrtLenTokens),
          ("weightedmean", poolingModeWeightedmeanTokens),
          ("lasttoken", poolingModeLasttoken),
        ]
        return poolingMode.map { [$0] } ?? flags.filter { $0.1 == true }.map(\.0)
      }
    }
    let place =
      (folder.modules.first { $0.kind == "Pooling" }?.path ?? folder.path + "/1_Pooling") + "/config.json"
    guard let said = try ImportFolder.json(Pooling.self, place) else {
      notes.append("The folder names no pooling; the mean of all tokens was taken.")
      return .mean
    }
    switch said.modes {
    // The root of the length falls out in the normalisation.
    case ["mean"], ["mean_sqrt_len_tokens"]: return .mean
    case ["cls"]: return .first
    case let modes:
      throw BundleError(
        path: place,
        reason:
          "Pooling by \(modes.isEmpty ? "nothing" : modes.joined(separator: " and ")) is not supported.",
        remedy: "Supported are mean and cls; --pooling mean or --pooling first chooses one all the same.")
    }
  }

  /// A note where the original puts words before every text.
  static func prompts(_ folder: ImportFolder) throws -> [String] {
    struct Sentences: Decodable { var defaultPromptName: String? }
    let said = try ImportFolder.json(Sentences.self, folder.path + "/config_sentence_transformers.json")
    return (said?.defaultPromptName).map {
      ["The original puts its prompt “\($0)” before every text; Braid embeds texts as they are given."]
    } ?? []
  }
}
