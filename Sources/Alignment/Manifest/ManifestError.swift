import Decoders

/// Why a manifest, or one of its rows, cannot be used: code, place, reason, remedy.
public struct ManifestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, for programs.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// The file cannot be opened or is no table.
    case unreadable
    /// No row; a column that is missing or stands twice; none of train, val and test; an id that stands twice; no
    /// number; a window from before row 1, backwards or of no series; a row without input and text; a file that is not
    /// there.
    case empty, missingColumn, unknownSplit, duplicateID, badNumber, badRange, noInput, missingFile
    /// A group stands in two splits.
    case leak
    /// A share or number of labels that cannot be kept.
    case badAmount
  }

  /// Which fault it is.
  public var code: Code
  /// The path of the manifest as given.
  public var file: String
  /// The line of the manifest, 1 being the first; nil for the manifest as a whole.
  public var line: Int?
  /// The name of the column.
  public var column: String?
  /// Id of the row, where one row is at fault.
  public var id: String?
  /// Split of that row.
  public var split: Split?
  /// What is wrong and why, one sentence.
  public var reason: String
  /// What to do about it, one sentence.
  public var remedy: String
  /// The groups that stand in two splits.
  public var groups: [String] = []
  /// What else is wrong, up to a limit.
  public var others: [ManifestError] = []
  /// How many faults there are in all.
  public var count = 1

  /// - Parameter line: of the manifest, 1 being the first; nil for the manifest as a whole.
  public init(
    _ code: Code, file: String, line: Int? = nil, column: String? = nil, reason: String, remedy: String
  ) {
    (self.code, self.file, self.line, self.column) = (code, file, line, column)
    (self.reason, self.remedy) = (reason, remedy)
  }

  /// A group that stands in two splits makes scores look better than they are.
  public static func leak(_ groups: [String], file: String) -> ManifestError {
    let shown = groups.prefix(10).map { "“\($0)”" }.joined(separator: ", ") + (groups.count > 10 ? ", …" : "")
    var error = ManifestError(
      .leak, file: file, column: "group",
      reason: groups.count == 1
        ? "The group \(shown) stands in more than one split."
        : "\(groups.count) groups stand in more than one split: \(shown).",
      remedy: "Put all rows of a group into one split, or go on with --allow-leak and see both scores.")
    error.groups = groups
    return error
  }

  init(_ error: DecodingError, file: String) {
    var line: Int?
    if case .row(let row, _) = error.place { line = row }
    self.init(.unreadable, file: file, line: line, reason: error.reason, remedy: error.remedy)
  }

  /// The first of several faults, which carries the others.
  static func joined(_ errors: [ManifestError], count: Int) -> ManifestError {
    var first = errors[0]
    first.others = Array(errors.dropFirst())
    first.count = count
    return first
  }

  /// Place, reason and remedy; further faults one a line.
  public var description: String {
    let place = (line.map { ", line \($0)" } ?? "") + (column.map { ", column \($0)" } ?? "")
    let own = "\(file)\(place): \(reason) \(remedy)"
    guard count > 1 else { return own }
    let more = others.map { error in
      let place = (error.line.map { "line \($0)" } ?? "") + (error.column.map { ", column \($0)" } ?? "")
      return "\n  \(place): \(error.reason)"
    }
    let unnamed = count - 1 - others.count
    return own + more.joined() + (unnamed > 0 ? "\n  and \(unnamed) more." : "")
  }
}
