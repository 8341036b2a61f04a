/// How well a bundle does on one split.
public struct Evaluation: Sendable, Codable, Hashable {
  /// Shares of queries with a right answer among the first 1, 5 and 10.
  public struct Recall: Sendable, Codable, Hashable {
    public var r1: Double
    public var r5: Double
    public var r10: Double
  }

  /// Search across modalities.
  public struct Retrieval: Sendable, Codable, Hashable {
    public var textToInput: Recall
    public var inputToText: Recall
    /// Different texts and inputs that were compared.
    public var texts: Int
    public var inputs: Int
  }

  /// Answers without a head: the label whose descriptions lie nearest in the shared space.
  public struct ZeroShot: Sendable, Codable, Hashable {
    public var accuracy: Double?
    public var macroF1: Double?
    public var auroc: Double?
  }

  /// Figures of one task.
  public struct TaskFigures: Sendable, Codable, Hashable {
    public var task: String
    public var n: Int
    public var accuracy: Double?
    public var balancedAccuracy: Double?
    public var macroF1: Double?
    public var auroc: Double?
    public var ece: Double?
    public var rmse: Double?
    public var nasaScore: Double?
    public var zeroShot: ZeroShot?
    /// Area under the curve of each label, where both answers occur.
    public var aurocByLabel: [String: Double]?
  }

  /// Texts written for scans against those that people wrote.
  public struct Report: Sendable, Codable, Hashable {
    public var n: Int
    public var bleu1: Double
    public var bleu4: Double
    public var rougeL: Double
    /// Share of different texts among those written; near zero where one text is written for everything.
    public var distinct: Double
    /// The same score for the text that is most frequent among the references, for comparison.
    public var constantBleu4: Double

    public init(n: Int, bleu1: Double, bleu4: Double, rougeL: Double, distinct: Double, constantBleu4: Double)
    {
      (self.n, self.bleu1, self.bleu4) = (n, bleu1, bleu4)
      (self.rougeL, self.distinct, self.constantBleu4) = (rougeL, distinct, constantBleu4)
    }
  }

  public var split: String
  public var n: Int
  public var accuracy: Double?
  public var macroF1: Double?
  public var auroc: Double?
  public var ece: Double?
  public var rmse: Double?
  public var retrieval: Retrieval?
  public var zeroShot: ZeroShot?
  public var report: Report?
  /// Every task by itself; the figures above are those of the only task, or their means over the tasks.
  public var tasks: [TaskFigures]

  /// One number to choose by, higher is better: the mean over the tasks of accuracy and area under the curve,
  /// or of one minus the error over the targets' deviation, and of the recall where there are texts alone.
  public var score: Float?
}
