import Decoders
import Reports

/// A drafted report with what it is to be shown with.
public struct StudyDraft: Sendable {
  /// The report, preliminary and unsigned.
  public var document: ReportDocument
  /// Of at most 12 inputs, those that weigh most first; empty where none were asked for.
  public var pictures: [ReportPicture]
  /// Files of the study that could not be read.
  public var refused: [Decoders.DecodingError]
  /// Sentences of the decoder that were taken out because they contradicted the findings.
  public var dropped: [String]
}
