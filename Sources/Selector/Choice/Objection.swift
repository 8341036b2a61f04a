/// Why an input is no scan that the task could answer for, whatever its head says of it.
public enum Objection: Sendable, Hashable, Codable {
  /// A page of text, as of a screenshot, with so many lines.
  case screenshot(lines: Int)
  /// A localiser, which shows where slices lie and is none itself.
  case scout
  /// The header names another part of the body than the task is about.
  case bodyPart(named: String, task: String)

  /// In words, one sentence.
  public var text: String {
    switch self {
    case .screenshot(let lines): "It is a page of text (\(lines) lines), not a scan."
    case .scout: "Its header calls it a localiser (scout), which only shows where slices lie."
    case .bodyPart(let named, let task):
      "Its header names \(named) as the part of the body; the task is about the \(task)."
    }
  }
}
