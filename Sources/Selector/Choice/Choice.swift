/// The head that answers for an input.
public enum AnsweringHead: String, Sendable, Codable { case report, fault }

/// What the selector decided for one input, and why.
public struct Choice: Sendable, Codable, Hashable {
  /// Modality of the input: `image`, `clip` or `series`.
  public var kind: String
  /// Name of the task whose head answers.
  public var task: String
  /// The kind of head that answers for it.
  public var head: AnsweringHead
  /// What the decision rests on.
  public var evidence: Evidence
  /// Chance that the head is right on such an input.
  public var trust: Float
  /// Relative time that the input costs; a still image costs 1.
  public var cost: Float
  /// Share of this input in the answer; 0 where it is left out.
  public var weight: Float
  /// Whether the input counts in the answer.
  public var used: Bool
  /// Sentences for people: first the trust that it earned, then what stands out about it.
  public var reasons: [String]
  /// Why it is left out whatever trust it would earn; nil for an input that is a scan of what the task is about.
  public var objection: Objection?
}

/// One input that may count, for one task.
public struct Candidate: Sendable {
  /// Modality of the input: `image`, `clip` or `series`.
  public var kind: String
  /// Name of the task that would answer.
  public var task: String
  /// The kind of head that would answer.
  public var head: AnsweringHead
  /// What the decision rests on.
  public var evidence: Evidence
  /// Relative time that the input costs; a still image costs 1.
  public var cost: Float
  /// Why it must be left out; nil where nothing speaks against it.
  public var objection: Objection?

  /// - Parameters:
  ///   - kind: `image`, `clip` or `series`.
  ///   - task: name of the task that would answer.
  ///   - cost: relative time; a still image costs 1.
  ///   - objection: why it must be left out.
  public init(
    kind: String, task: String, head: AnsweringHead, evidence: Evidence, cost: Float,
    objection: Objection? = nil
  ) {
    (self.kind, self.task, self.head, self.evidence, self.cost) = (kind, task, head, evidence, cost)
    self.objection = objection
  }
}
