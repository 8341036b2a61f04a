/// One question that a model learns to answer: rows of one task share a set of labels.
public struct LabelTask: Sendable, Codable, Hashable {
  /// As the manifest names it, or made from its modalities.
  public var name: String
  /// Sorted; the order of a head's outputs.
  public var labels: [String]
  /// Every row has one label (softmax), or any number of them (a sigmoid each).
  public var exclusive: Bool
  /// Mean and deviation of the numbers to predict; nil where the task has none.
  public var target: TargetScale?

  /// How targets are standardised.
  public struct TargetScale: Sendable, Codable, Hashable {
    /// Of the train targets.
    public var mean: Float
    /// Of the train targets, never 0.
    public var deviation: Float
    /// The range seen in training; predictions are kept inside.
    public var low: Float
    /// Largest of the train targets.
    public var high: Float

    /// All in units of the target.
    public init(mean: Float, deviation: Float, low: Float, high: Float) {
      (self.mean, self.deviation, self.low, self.high) = (mean, deviation, low, high)
    }
  }

  /// - Parameter exclusive: whether exactly one label holds.
  public init(name: String, labels: [String], exclusive: Bool, target: TargetScale? = nil) {
    (self.name, self.labels, self.exclusive, self.target) = (name, labels, exclusive, target)
  }
}
