import Files
import Foundation

extension WordEndTokenizer {
  /// CLIP's way of cutting text, as a `tokenizer.json` spells it; some put the names of special tokens before it.
  private static let pattern = #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#
  private static let named = #"<\|startoftext\|>|<\|endoftext\|>|"#
  /// The special tokens of vocabularies that stand without a `tokenizer.json`.
  private static let special = ["<|startoftext|>", "<|endoftext|>"]

  /// Reads a `tokenizer.json` in the layout of Hugging Face's tokenizers: a BPE model whose tokens tell the end of a
  /// word, with CLIP's way of cutting text.
  /// - Throws: `TokenizerError` where the file is broken, or describes a tokenizer that this type does not reproduce
  ///   exactly.
  public init(json bytes: [UInt8], path: String) throws(TokenizerError) {
    let root = try JSONReader.read(bytes, path: path)
    let layout = TokenizerLayout(root, path)
    try Self.checkSteps(root) { layout.fault(.unsupported, $0, $1) }
    try self.init(
      vocabulary: layout.vocabulary(), special: layout.specialTokens(), merges: layout.merges()
    ) { place, reason in layout.fault(.malformed, place, reason) }
  }

  /// Reads `vocab.json` (ids by token) and `merges.txt` (a pair a line, after a line that begins with `#version`).
  /// - Throws: `TokenizerError`; the vocabulary needs `<|startoftext|>` and `<|endoftext|>`.
  public init(vocabulary: String, merges path: String) throws(TokenizerError) {
    let object = try JSONReader.read(TokenizerFile.bytes(vocabulary), path: vocabulary)
    let known = try TokenizerLayout(
      .object([(Bytes("model"), .object([(Bytes("vocab"), object)]))]), vocabulary
    )
    .vocabulary()
    var merges: [(String, String)] = []
    let lines = String(decoding: try TokenizerFile.bytes(path), as: UTF8.self).split(
      whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() where !(number == 0 && line.hasPrefix("#version")) {
      let parts = line.split(separator: " ")
      guard parts.count == 2 else {
        throw TokenizerError(
          .malformed, path: path, place: "line \(number + 1)", reason: "It is no pair of tokens.",
          remedy: "Copy or download the file again.")
      }
      merges.append((String(parts[0]), String(parts[1])))
    }
    let names = Set(Self.special.map { Bytes($0) })
    try self.init(
      vocabulary: known.filter { !names.contains($0.name) },
      special: known.filter { names.contains($0.name) },
      merges: merges
    ) { place, reason in
      TokenizerError(
        .malformed, path: place == "merges" ? path : vocabulary, reason: reason,
        remedy: "Copy or download vocab.json and merges.txt of the same model again.")
    }
  }

  /// Refuses every step that would give other ids than this type does.
  private static func checkSteps(
    _ root: JSONValue, _ fault: (String, String) -> TokenizerError
  ) throws(TokenizerError) {
    guard root["model"]?["end_of_word_suffix"]?.text == mark else {
      throw fault("model.end_of_word_suffix", "Words do not end with \(mark).")
    }
    if let prefix = root["model"]?["continuing_subword_prefix"]?.text, !prefix.isEmpty {
      throw fault("model.continuing_subword_prefix", "continuing_subword_prefix is set.")
    }
    for key in ["byte_fallback", "ignore_merges"] {
      if case .bool(true) = root["model"]?[key] { throw fault("model.\(key)", "\(key) is set.") }
    }
    let steps = (root["normalizer"]?["normalizers"]?.elements ?? []).compactMap { $0["type"]?.text }
    // Replace turns runs of white space into a space, which parts words either way.
    guard steps.filter({ $0 != "Replace" }) == ["NFC", "Lowercase"] else {
      throw fault("normalizer", "The text is not brought to form C and to small letters.")
    }
    let cuts = root["pre_tokenizer"]?["pretokenizers"]?.elements ?? []
    guard cuts.map({ $0["type"]?.text }) == ["Split", "ByteLevel"],
      let cut = cuts[0]["pattern"]?["Regex"]?.text, cut == pattern || cut == named + pattern
    else { throw fault("pre_tokenizer", "Text is not cut in the way of CLIP.") }
    if case .bool(true) = cuts[1]["add_prefix_space"] {
      throw fault("pre_tokenizer", "add_prefix_space is set.")
    }
  }

  /// The bytes of a `tokenizer.json` that the Python package `tokenizers` reads; the same vocabulary gives the same
  /// bytes. That package takes the names of special tokens inside a text for the tokens themselves; `encode(_:)` never
  /// does.
  public func json() -> Data {
    let added = specialIDs.sorted { $0.value < $1.value }.map {
      #"{"id":\#($0.value),"content":\#(JSONText.quoted($0.key.text)),"single_word":false,"lstrip":false,"#
        + #""rstrip":false,"normalized":false,"special":true}"#
    }
    let vocabulary = names.enumerated().compactMap { id, name in
      name.map { "\(JSONText.quoted($0)):\(id)" }
    }
    let pairs = merges.map { pair in
      "[\(JSONText.quoted(names[Int(pair.left)] ?? "")),\(JSONText.quoted(names[Int(pair.right)] ?? ""))]"
    }
    let end = specialIDs.first { $0.value == specials.end }?.key.text ?? ""
    let text = """
      {"version":"1.0","truncation":null,"padding":null,
      "added_tokens":[
      \(added.joined(separator: ",\n"))],
      "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]},
      "pre_tokenizer":{"type":"Sequence","pretokenizers":[
      {"type":"Split","pattern":{"Regex":\(JSONText.quoted(Self.pattern))},"behavior":"Removed","invert":true},
      {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]},
      "post_processor":null,
      "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
      "model":{"type":"BPE","dropout":null,"unk_token":\(JSONText.quoted(end)),"continuing_subword_prefix":"",
      "end_of_word_suffix":"\(Self.mark)","fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
      "vocab":{
      \(vocabulary.joined(separator: ",\n"))},
      "merges":[
      \(pairs.joined(separator: ",\n"))]}}

      """
    return Data(text.utf8)
  }
}
