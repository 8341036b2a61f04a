/// The head that answers for an input.
public enum AnsweringHead: String, Sendable, Codable { case report, fault }

/// What the selector decided for one input, and why.
public struct Choice: Sendable, Codable, Hashable {
  public var kind: String
  /// Name of the task whose head answers.
  public var task: String
  public var head: AnsweringHead
  public var evidence: Evidence
  /// Chance that the head is right on such an input.
  public var trust: Float
  /// Relative time that the input costs; a still image costs 1.
  public var cost: Float
  /// Share of this input in the answer; 0 where it is left out.
  public var weight: Float
  public var used: Bool
  public var reasons: [String]
}

/// One input that may count, for one task.
public struct Candidate: Sendable {
  public var kind: String
  public var task: String
  public var head: AnsweringHead
  public var evidence: Evidence
  public var cost: Float

  public init(kind: String, task: String, head: AnsweringHead, evidence: Evidence, cost: Float) {
    (self.kind, self.task, self.head, self.evidence, self.cost) = (kind, task, head, evidence, cost)
  }
}
