import Reports

/// A study in `index.json`.
public struct StudyRow: Sendable, Codable {
  /// What was done with it.
  public enum Action: String, Sendable, Codable {
    /// Drafted now.
    case written
    /// There was a report already.
    case kept
    /// It could not be written.
    case failed
  }

  /// The study's name, which is its folder's below the output folder too.
  public var study: String
  /// What this run did with the study.
  public var action: Action
  /// Whether the report is signed; nil for failed studies.
  public var status: ReportDocument.Status?
  /// When the report was drafted; nil for failed studies.
  public var created: ISOTime?
  /// Paths below the output folder, by format.
  public var files: [String: String]
  /// Number of inputs, of those used, and of those that could not be read.
  public var inputs: Int, used: Int, refused: Int
  /// Names of the findings that are present and uncertain.
  public var present: [String], uncertain: [String]
  /// Whether no statement is made at all; nil in indexes that do not tell, and for failed studies.
  public var abstains: Bool?
  /// The report's impression, lines being paragraphs; nil for failed studies.
  public var impression: String?
  /// Whether the draft alone must not be relied upon; always so for failed studies.
  public var needsHumanRead: Bool
  /// Why a person must read the study, or remarks on it, one sentence each; the error of failed studies.
  public var reasons: [String]
  /// Why it failed.
  public var error: String?

  /// - Parameter refused: inputs that could not be read.
  init(_ report: ReportDocument, action: Action, files: [String: String], refused: Int) {
    (study, self.action, status, created) = (report.study, action, report.status, report.created)
    (self.files, inputs, self.refused) = (files, report.inputs.count, refused)
    used = report.inputs.count { $0.used }
    present = report.findings.filter { $0.state == .present }.map(\.name)
    uncertain = report.findings.filter { $0.state == .uncertain }.map(\.name)
    abstains = report.abstains
    impression = report.sections.impression
    (needsHumanRead, reasons) = (report.needsHumanRead, report.reasons)
  }

  init(failed study: String, inputs: Int, error: String) {
    (self.study, action, self.inputs, self.error) = (study, .failed, inputs, error)
    (files, used, refused, present, uncertain) = ([:], 0, 0, [], [])
    (needsHumanRead, reasons) = (true, [error])
  }
}
