/// Why a safetensors file could not be read: code, place, reason, remedy.
public struct SafetensorsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of refusal.
  public enum Code: String, Sendable, CaseIterable {
    /// Not there; no file that can be read; cut off; against the rules of the format; above a limit; sound, but of a
    /// kind that is not read; without the tensor asked for.
    case notFound, unreadable, truncated, malformed, tooLarge, unsupported, missingTensor
  }

  /// Where in the file the fault lies.
  public enum Place: Sendable, Equatable {
    /// The file as a whole.
    case file
    /// Byte offset from the start of the file.
    case byte(Int)
    /// The tensor of this name.
    case tensor(String)
  }

  /// Which fault it is.
  public var code: Code
  /// The path as the caller gave it.
  public var path: String
  /// Where in the file the fault lies.
  public var place: Place
  /// What is wrong and why, one sentence without the path.
  public var reason: String
  /// What can be done about it, one sentence.
  public var remedy: String

  /// - Parameter path: the file as the user named it.
  public init(_ code: Code, path: String, place: Place = .file, reason: String, remedy: String) {
    (self.code, self.path, self.place, self.reason, self.remedy) = (code, path, place, reason, remedy)
  }

  /// Path, place, reason and remedy in one line.
  public var description: String {
    let at =
      switch place {
      case .file: ""
      case .byte(let offset): ", byte \(offset)"
      case .tensor(let name): ", tensor \(name)"
      }
    return "\(path)\(at): \(reason) \(remedy)"
  }

  static let copyAgain = "Copy or download the file again."
}
