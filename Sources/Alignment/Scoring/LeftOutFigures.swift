/// How well labels are told that were left out of training and are known by their texts alone.
public struct LeftOutFigures: Sendable, Codable, Hashable {
  /// Figures of one task.
  public struct TaskFigures: Sendable, Codable, Hashable {
    /// Its name.
    public var task: String
    /// Labels that were left out of training.
    public var labels: [String]
    /// How many labels the task has, those left out included.
    public var allLabels: Int
    /// Test rows of the labels left out.
    public var n: Int
    /// Share of these rows that get their label among all labels; nil where several labels may hold.
    public var accuracyAmongAll: Double?
    /// The same among the labels left out; nil for a single one, or where several may hold.
    public var accuracyAmongLeftOut: Double?
    /// Mean area under the curve of the labels left out, each against all other test rows of the task.
    public var aurocAmongAll: Double?
    /// The same against the rows of the others left out; nil for a single one.
    public var aurocAmongLeftOut: Double?
    /// Area under the curve of each label left out, against all other test rows.
    public var aurocByLabel: [String: Double]
    /// Share of the other test rows that get their label among all labels, by texts too.
    public var accuracyOfKnown: Double?
  }

  /// One a task that has labels left out.
  public var tasks: [TaskFigures]
}
