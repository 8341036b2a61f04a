extension WordPieceTokenizer {
  /// Reads `vocab.txt`: one token a line, its id being the number of the line from 0.
  /// - Parameters:
  ///   - uncased: lower-case and strip accents, as the models do that are called uncased; the file does
  ///     not say.
  /// - Throws: `TokenizerError`; the vocabulary needs `[UNK]`, `[CLS]` and `[SEP]`.
  public init(vocabulary path: String, uncased: Bool) throws(TokenizerError) {
    var lines = try TokenizerFile.bytes(path).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var tokens: [String?] = []
    for line in lines {
      let token = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let text = String(validating: token, as: UTF8.self) else {
        throw TokenizerError(
          .malformed, path: path, place: "line \(tokens.count + 1)", reason: "The token is no UTF-8.",
          remedy: "Save the vocabulary as UTF-8.")
      }
      tokens.append(text)
    }
    let cleaner = BasicTextCleaner(stripsAccents: uncased, lowercases: uncased)
    try self.init(
      tokens: tokens, special: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], unknown: "[UNK]",
      cleaner: cleaner,
      prefix: "##", longestWord: 100, path: path)
  }

  /// Reads a `tokenizer.json` in the layout of Hugging Face's tokenizers: a WordPiece model with BERT's
  /// normalizer and pre-tokenizer.
  /// - Throws: `TokenizerError` where the file is broken, or describes a tokenizer that this type does not
  ///   reproduce exactly.
  public init(path: String) throws(TokenizerError) {
    try self.init(json: TokenizerFile.bytes(path), path: path)
  }

  /// As `init(path:)`, from the file's bytes; `path` is named in errors.
  public init(json bytes: [UInt8], path: String) throws(TokenizerError) {
    let root = try JSONReader.read(bytes, path: path)
    let cleaner = try Self.cleaner(root, path)
    let layout = TokenizerLayout(root, path)
    let vocabulary = try layout.vocabulary()
    let special = try layout.specialTokens()
    var tokens = [String?](repeating: nil, count: try layout.highestID(vocabulary, special) + 1)
    for (name, id) in vocabulary + special {
      guard tokens[id] == nil || Bytes(tokens[id] ?? "") == name else {
        throw layout.fault(.malformed, "model.vocab", "The id \(id) belongs to two tokens.")
      }
      tokens[id] = name.text
    }
    try self.init(
      tokens: tokens, special: special.map(\.name.text),
      unknown: root["model"]?["unk_token"]?.text ?? "[UNK]",
      cleaner: cleaner, prefix: root["model"]?["continuing_subword_prefix"]?.text ?? "##",
      longestWord: root["model"]?["max_input_chars_per_word"]?.integer ?? 100, path: path)
  }

  private init(
    tokens: [String?], special: [String], unknown: String, cleaner: BasicTextCleaner, prefix: String,
    longestWord: Int, path: String
  ) throws(TokenizerError) {
    let ids = Dictionary(tokens.enumerated().compactMap { id, token in token.map { (Bytes($0), id) } }) {
      _, last in last
    }
    func find(_ name: String) -> Int? { ids[Bytes(name)] }
    guard let unknownID = find(unknown), let specials = SpecialTokens(naming: find) else {
      throw TokenizerError(
        .unsupported, path: path, reason: "The vocabulary lacks \(find(unknown) == nil ? unknown : "[SEP]").",
        remedy: "Give the vocabulary of a BERT-family model.")
    }
    self.init(
      tokens: tokens, specialIDs: Set(special.compactMap(find)), specials: specials, unknown: unknownID,
      cleaner: cleaner, prefix: prefix, longestWord: longestWord)
  }

  private static func cleaner(_ root: JSONValue, _ path: String) throws(TokenizerError) -> BasicTextCleaner {
    func refuse(_ place: String, _ reason: String) -> TokenizerError {
      TokenizerError(
        .unsupported, path: path, place: place, reason: reason,
        remedy: "Use the tokenizer of a BERT-family model.")
    }
    guard root["model"]?["type"]?.text == "WordPiece" else {
      throw refuse(
        "model.type", "The model is \(root["model"]?["type"]?.text ?? "not named"), not WordPiece.")
    }
    guard let steps = root["normalizer"], steps["type"]?.text == "BertNormalizer" else {
      throw refuse("normalizer", "The text is not cleaned by BertNormalizer.")
    }
    guard root["pre_tokenizer"]?["type"]?.text == "BertPreTokenizer" else {
      throw refuse("pre_tokenizer", "The text is not cut by BertPreTokenizer.")
    }
    for token in root["added_tokens"]?.elements ?? [] {
      guard case .bool(true) = token["special"] else {
        throw refuse(
          "added_tokens", "The token \(token["content"]?.text ?? "") is added without being special.")
      }
    }
    func flag(_ key: String, or other: Bool) -> Bool {
      guard case .bool(let value) = steps[key] else { return other }
      return value
    }
    let lowercases = flag("lowercase", or: true)
    return BasicTextCleaner(
      cleans: flag("clean_text", or: true), separatesIdeographs: flag("handle_chinese_chars", or: true),
      stripsAccents: flag("strip_accents", or: lowercases), lowercases: lowercases)
  }
}
