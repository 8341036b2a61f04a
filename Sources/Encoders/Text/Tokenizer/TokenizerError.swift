/// Why a tokenizer's file could not be read: code, place, reason, remedy.
public struct TokenizerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of refusal.
  public enum Code: String, Sendable, CaseIterable {
    /// Not there; no file that can be read; above the size limit; against the rules of its format; sound, but of a kind
    /// that Braid's tokenizers cannot follow.
    case notFound, unreadable, tooLarge, malformed, unsupported
  }

  /// Which fault it is.
  public var code: Code
  /// The path as the caller gave it.
  public var path: String
  /// Where in the file the fault lies, such as `byte 17`, `line 3` or `model.merges`; empty for the whole.
  public var place: String
  /// What is wrong and why, one sentence without the path.
  public var reason: String
  /// What can be done about it, one sentence.
  public var remedy: String

  /// - Parameter place: where in the file, in words; empty for the file as a whole.
  public init(_ code: Code, path: String, place: String = "", reason: String, remedy: String) {
    (self.code, self.path, self.place, self.reason, self.remedy) = (code, path, place, reason, remedy)
  }

  /// Path, place, reason and remedy in one line.
  public var description: String { path + (place.isEmpty ? "" : ", \(place)") + ": \(reason) \(remedy)" }
}
