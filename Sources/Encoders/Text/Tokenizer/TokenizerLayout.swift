/// The parts of a `tokenizer.json` that its kinds of model share.
struct TokenizerLayout {
  private let root: JSONValue
  private let path: String

  init(_ root: JSONValue, _ path: String) { (self.root, self.path) = (root, path) }

  func fault(_ code: TokenizerError.Code, _ place: String, _ reason: String) -> TokenizerError {
    TokenizerError(
      code, path: path, place: place, reason: reason,
      remedy: code == .malformed
        ? "Copy or download the file again." : "Use a tokenizer of a kind that Braid reads, or train one.")
  }

  /// The model's tokens with their ids, in the file's order.
  func vocabulary() throws(TokenizerError) -> [(name: Bytes, id: Int)] {
    guard case .object(let fields) = root["model"]?["vocab"] else {
      throw fault(.malformed, "model.vocab", "There is no vocabulary.")
    }
    var tokens: [(name: Bytes, id: Int)] = []
    for (name, value) in fields {
      tokens.append((name, try id(value, "model.vocab", name.text)))
    }
    return tokens
  }

  /// The added tokens that are special.
  func specialTokens() throws(TokenizerError) -> [(name: Bytes, id: Int)] {
    var tokens: [(name: Bytes, id: Int)] = []
    for entry in root["added_tokens"]?.elements ?? [] {
      guard case .bool(true) = entry["special"] else { continue }
      guard case .string(let name) = entry["content"], let value = entry["id"] else {
        throw fault(.malformed, "added_tokens", "A token has no content or no id.")
      }
      tokens.append((name, try id(value, "added_tokens", name.text)))
    }
    return tokens
  }

  func highestID(_ lists: [(name: Bytes, id: Int)]...) throws(TokenizerError) -> Int {
    guard let highest = lists.joined().map(\.id).max() else {
      throw fault(.malformed, "model.vocab", "The vocabulary is empty.")
    }
    return highest
  }

  /// Merges in order; both ways of writing one, `"a b"` and `["a", "b"]`.
  func merges() throws(TokenizerError) -> [(String, String)] {
    var merges: [(String, String)] = []
    for entry in root["model"]?["merges"]?.elements ?? [] {
      let parts =
        entry.elements?.compactMap(\.text) ?? entry.text?.split(separator: " ").map(String.init) ?? []
      guard parts.count == 2 else {
        throw fault(.malformed, "model.merges", "Merge \(merges.count) is no pair of tokens.")
      }
      merges.append((parts[0], parts[1]))
    }
    return merges
  }

  private func id(_ value: JSONValue, _ place: String, _ name: String) throws(TokenizerError) -> Int {
    guard let id = value.integer, (0...TokenizerFile.largestID).contains(id) else {
      throw fault(
        .malformed, place, "The id of \(name) is no whole number from 0 to \(TokenizerFile.largestID).")
    }
    return id
  }
}
