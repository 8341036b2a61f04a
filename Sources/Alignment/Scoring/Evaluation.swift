import Training

/// How well a bundle does on one split.
public struct Evaluation: Sendable, Codable, Hashable {
  /// Shares of queries with a right answer among the first 1, 5 and 10.
  public struct Recall: Sendable, Codable, Hashable {
    /// Among the first one.
    public var r1: Double
    /// Among the first five.
    public var r5: Double
    /// Among the first ten.
    public var r10: Double
  }

  /// Search across modalities.
  public struct Retrieval: Sendable, Codable, Hashable {
    /// Texts that ask for their input.
    public var textToInput: Recall
    /// Inputs that ask for their text.
    public var inputToText: Recall
    /// Different texts and inputs that were compared.
    public var texts: Int
    /// Different inputs that were compared.
    public var inputs: Int
  }

  /// Answers without a head: the label whose descriptions lie nearest in the shared space.
  public struct ZeroShot: Sendable, Codable, Hashable {
    /// Share of right labels, 0 to 1.
    public var accuracy: Double?
    /// Mean F1 of the labels.
    public var macroF1: Double?
    /// Mean area under the curve of the labels, one against the rest.
    public var auroc: Double?
  }

  /// Figures of one task.
  public struct TaskFigures: Sendable, Codable, Hashable {
    /// Its name.
    public var task: String
    /// Samples scored.
    public var n: Int
    /// Share of right labels, 0 to 1; of right yes and no where several labels may hold.
    public var accuracy: Double?
    /// Mean of the labels' recalls.
    public var balancedAccuracy: Double?
    /// Mean F1 of the labels.
    public var macroF1: Double?
    /// Mean area under the curve of the labels, one against the rest.
    public var auroc: Double?
    /// Expected calibration error, 0 to 1.
    public var ece: Double?
    /// Root mean squared error, in units of the target.
    public var rmse: Double?
    /// NASA's asymmetric sum for remaining life (Saxena et al. 2008): late is worse than early.
    public var nasaScore: Double?
    /// Of the intervals around predicted numbers; nil where the bundle tells none.
    public var coverage: Coverage?
    /// Answers from descriptions alone; nil without text.
    public var zeroShot: ZeroShot?
    /// Area under the curve of each label, where both answers occur.
    public var aurocByLabel: [String: Double]?
    /// Of the figures above; nil where none were asked for, or all rows are of one group.
    public var intervals: Intervals?
    /// Of labels that exclude each other; nil for others and in bundles that do not tell.
    public var confusion: Confusion?
    /// Of labels that do not exclude each other, in the task's order; nil for others and in bundles that do not tell.
    public var labelCounts: [LabelCounts]?
    /// Nil for a task without labels and in bundles that do not tell.
    public var reliability: Reliability?
    /// The same without calibration; nil where nothing is calibrated.
    public var uncalibrated: Reliability?
    /// Nil for a task without labels and in bundles that do not tell.
    public var selective: SelectiveRisk?
    /// Of each of three or more labels that exclude each other, as a question of yes or no, in the task's order; nil for
    /// others and in bundles that do not tell.
    public var questions: [LabelQuestion]?
    /// Nil for a task without labels and numbers, and in bundles that do not tell.
    public var map: EmbeddingMap?
    /// Faults found as events; nil where windows have no order in recordings, and in bundles that do not tell.
    public var events: EventFigures?
  }

  /// Train, val or test.
  public var split: String
  /// Rows scored.
  public var n: Int
  /// Share of right labels, 0 to 1.
  public var accuracy: Double?
  /// Mean F1 of the labels.
  public var macroF1: Double?
  /// Mean area under the curve of the labels, one against the rest.
  public var auroc: Double?
  /// Expected calibration error, 0 to 1.
  public var ece: Double?
  /// Root mean squared error, in units of the target.
  public var rmse: Double?
  /// Of the figures above; nil where none were asked for, or all rows are of one group.
  public var intervals: Intervals?
  /// How the intervals were found; nil where there are none.
  public var resampling: Resampling?
  /// Search across modalities; nil where there are no texts.
  public var retrieval: Retrieval?
  /// Answers from descriptions alone; nil without text.
  public var zeroShot: ZeroShot?
  /// Reports written for scans; nil without a sentence decoder, or where no scan has a text.
  public var report: ReportFigures?
  /// Evidence of findings, tested by deletion; nil where nobody asked, or there are no scans.
  public var evidence: EvidenceFigures?
  /// Every task by itself; the figures above are those of the only task, or their means over the tasks.
  public var tasks: [TaskFigures]

  /// One number to choose by, higher is better: the mean over the tasks of accuracy and area under the curve,
  /// or of one minus the error over the targets' deviation, and of the recall where there are texts alone.
  public var score: Float?
}
