/// Why an input could not be read: code, place, reason, remedy.
public struct DecodingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of refusal; the raw values stand in results and never change.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// Sound, but of a kind that is not read; cut off; against the rules of its format; above a limit; not there; of no
    /// format that Braid reads; stopped with the surrounding task.
    case unsupported, truncated, malformed, tooLarge, notFound, unknownFormat, cancelled
  }

  /// Where in the input the fault lies.
  public enum Place: Sendable, Equatable {
    /// The file as a whole.
    case file
    /// Byte offset from the start of the file.
    case byte(Int)
    /// 1-based line of a text file; `column` is the 1-based field, when known.
    case row(Int, column: Int? = nil)
    /// 0-based frame of a clip or multi-frame object.
    case frame(Int)
  }

  /// What kind of refusal it is.
  public var code: Code
  /// The path as the user gave it, or `-` for standard input.
  public var file: String
  /// Where in the file the fault lies.
  public var place: Place
  /// What is wrong and why, one sentence without the file name.
  public var reason: String
  /// What the user can do about it, one sentence.
  public var remedy: String

  /// - Parameter file: the path as the user gave it, or `-` for standard input.
  public init(_ code: Code, file: String, place: Place = .file, reason: String, remedy: String) {
    (self.code, self.file, self.place, self.reason, self.remedy) = (code, file, place, reason, remedy)
  }

  /// File, place, reason and remedy in one line.
  public var description: String {
    let at: String
    switch place {
    case .file: at = ""
    case .byte(let offset): at = ", byte \(offset)"
    case .row(let row, let column): at = ", row \(row)" + (column.map { ", column \($0)" } ?? "")
    case .frame(let frame): at = ", frame \(frame)"
    }
    return "\(file)\(at): \(reason) \(remedy)"
  }
}
