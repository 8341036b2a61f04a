import Files
import Foundation

extension BytePairTokenizer {
  /// Reads a `tokenizer.json` in the layout of Hugging Face's tokenizers: a byte-level BPE model with
  /// GPT-2's way of cutting text.
  /// - Throws: `TokenizerError` where the file is broken, or describes a tokenizer that this type does not
  ///   reproduce exactly.
  public init(path: String) throws(TokenizerError) {
    try self.init(json: TokenizerFile.bytes(path), path: path)
  }

  /// As `init(path:)`, from the file's bytes; `path` is named in errors.
  public init(json bytes: [UInt8], path: String) throws(TokenizerError) {
    let root = try JSONReader.read(bytes, path: path)
    try Self.checkSteps(root, path)
    let layout = TokenizerLayout(root, path)
    let vocabulary = try layout.vocabulary()
    let specialTokens = try layout.specialTokens()
    var tokens = [[UInt8]?](repeating: nil, count: try layout.highestID(vocabulary, specialTokens) + 1)
    var ids: [Bytes: Int] = [:]
    let specialNames = Set(specialTokens.map(\.name))
    for (name, id) in vocabulary where !specialNames.contains(name) {
      guard let token = ByteAlphabet.token(of: name.text) else {
        throw layout.fault(
          .unsupported, "model.vocab", "The token \(name.text) is not spelt in the byte alphabet.")
      }
      guard tokens[id] == nil, ids.updateValue(id, forKey: Bytes(token)) == nil else {
        throw layout.fault(.malformed, "model.vocab", "The token \(name.text) or its id \(id) stands twice.")
      }
      tokens[id] = token
    }
    for (name, id) in specialTokens {
      guard tokens[id] == nil else {
        throw layout.fault(
          .malformed, "added_tokens", "The id \(id) of \(name.text) belongs to another token.")
      }
      tokens[id] = name.array
    }
    for byte in UInt8.min...UInt8.max where ids[Bytes([byte])] == nil {
      throw layout.fault(.unsupported, "model.vocab", "The byte \(byte) has no token, so text could be lost.")
    }
    let specialIDs = Dictionary(specialTokens.map { ($0.name, $0.id) }) { first, _ in first }
    guard let specials = SpecialTokens(naming: { specialIDs[Bytes($0)] }) else {
      throw layout.fault(.unsupported, "added_tokens", "No token that ends a text is known by its name.")
    }
    self.init(
      tokens: tokens, ids: ids, merges: try Self.merges(layout, ids), specialIDs: specialIDs,
      specials: specials)
  }

  private static func merges(
    _ layout: TokenizerLayout, _ ids: [Bytes: Int]
  ) throws(TokenizerError) -> [SymbolPair] {
    var merges: [SymbolPair] = []
    for (left, right) in try layout.merges() {
      guard let first = ByteAlphabet.token(of: left), let second = ByteAlphabet.token(of: right),
        let leftID = ids[Bytes(first)], let rightID = ids[Bytes(second)], ids[Bytes(first + second)] != nil
      else {
        throw layout.fault(
          .malformed, "model.merges", "The merge of \(left) and \(right) needs a token that is not there.")
      }
      merges.append(SymbolPair(left: Int32(leftID), right: Int32(rightID)))
    }
    return merges
  }

  /// Refuses every step that would give other ids than this type does.
  private static func checkSteps(_ root: JSONValue, _ path: String) throws(TokenizerError) {
    func refuse(_ place: String, _ reason: String) -> TokenizerError {
      TokenizerError(
        .unsupported, path: path, place: place, reason: reason,
        remedy: "Use a byte-level BPE tokenizer such as GPT-2's, or train one.")
    }
    guard let model = root["model"], model["type"]?.text == "BPE" else {
      throw refuse("model.type", "The model is \(root["model"]?["type"]?.text ?? "not named"), not BPE.")
    }
    for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      guard let value = model[key], !value.isNull, value.text != "", value.integer != 0 else { continue }
      throw refuse("model.\(key)", "\(key) is set.")
    }
    for key in ["byte_fallback", "ignore_merges"] {
      if case .bool(true) = model[key] { throw refuse("model.\(key)", "\(key) is set.") }
    }
    for token in root["added_tokens"]?.elements ?? [] {
      guard case .bool(true) = token["special"] else {
        throw refuse(
          "added_tokens", "The token \(token["content"]?.text ?? "") is added without being special.")
      }
    }
    if let normalizer = root["normalizer"], !normalizer.isNull {
      throw refuse("normalizer", "The text is changed by \(normalizer["type"]?.text ?? "a normalizer").")
    }
    guard let cut = root["pre_tokenizer"], cut["type"]?.text == "ByteLevel" else {
      throw refuse("pre_tokenizer", "Text is not cut by ByteLevel.")
    }
    if case .bool(true) = cut["add_prefix_space"] {
      throw refuse("pre_tokenizer", "add_prefix_space is set.")
    }
    if case .bool(false) = cut["use_regex"] { throw refuse("pre_tokenizer", "use_regex is not set.") }
  }

  /// The bytes of a `tokenizer.json` that the Python package `tokenizers` reads; the same vocabulary gives
  /// the same bytes.
  ///
  /// That package takes the names of special tokens inside a text for the tokens themselves unless its
  /// `encode_special_tokens` is set; `encode(_:)` never does. All other ids agree.
  public func json() -> Data {
    let special = specialIDs.sorted { $0.value < $1.value }
    let added = special.map {
      #"{"id":\#($0.value),"content":\#(JSONText.quoted($0.key.text)),"single_word":false,"lstrip":false,"#
        + #""rstrip":false,"normalized":false,"special":true}"#
    }
    let names = Dictionary(uniqueKeysWithValues: special.map { ($0.value, $0.key.text) })
    let vocabulary = tokens.enumerated().compactMap { id, token in
      token.map { "\(JSONText.quoted(names[id] ?? ByteAlphabet.text(of: $0))):\(id)" }
    }
    let pairs = merges.map { pair in
      JSONText.quoted(
        ByteAlphabet.text(of: tokens[Int(pair.left)] ?? []) + " "
          + ByteAlphabet.text(of: tokens[Int(pair.right)] ?? []))
    }
    let text = """
      {"version":"1.0","truncation":null,"padding":null,
      "added_tokens":[
      \(added.joined(separator: ",\n"))],
      "normalizer":null,
      "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
      "post_processor":null,
      "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
      "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
      "vocab":{
      \(vocabulary.joined(separator: ",\n"))},
      "merges":[
      \(pairs.joined(separator: ",\n"))]}}

      """
    return Data(text.utf8)
  }
}
