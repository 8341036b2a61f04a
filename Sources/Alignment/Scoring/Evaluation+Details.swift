import Training

extension Evaluation {
  /// Confidence intervals by the figure's name as it stands in JSON: `[low, high]`.
  public typealias Intervals = [String: [Double]]

  /// How intervals were found.
  public struct Resampling: Sendable, Codable, Hashable {
    /// Draws with replacement.
    public var resamples: Int
    /// Share of the draws whose figures lie inside an interval.
    public var level: Double
    /// What was drawn: groups where rows have one, else inputs.
    public var units: Int
    /// Whether some units hold several rows, such as all rows of a patient or machine.
    public var isGrouped: Bool

    /// Percentiles of fewer units than this say little: there are too few ways to draw them.
    public static let fewUnits = 10
  }

  /// How often each label was taken for each.
  public struct Confusion: Sendable, Codable, Hashable {
    /// In the order of rows and columns.
    public var labels: [String]
    /// `[truth][answer]`.
    public var counts: [[Int]]
  }

  /// Right and wrong answers on one label of several that may hold, from a probability of one half on.
  public struct LabelCounts: Sendable, Codable, Hashable {
    /// The label.
    public var label: String
    /// Rows with the label that were said to have it.
    public var found: Int
    /// Rows with the label that were said not to.
    public var missed: Int
    /// Rows without the label that were said to have it.
    public var wrong: Int
    /// Rows without the label that were said not to.
    public var cleared: Int
  }

  /// One label against all others together.
  public struct LabelQuestion: Sendable, Codable, Hashable {
    /// The label.
    public var label: String
    /// Expected calibration error of yes and no, 0 to 1.
    public var ece: Double?
    /// Wrong yes and no against coverage.
    public var selective: SelectiveRisk?
  }

  /// What intervals around predicted numbers hold.
  public struct Coverage: Sendable, Codable, Hashable {
    /// Share of rows that they are to hold.
    public var level: Double
    /// Share of rows that they hold.
    public var share: Double
    /// Their mean width, in units of the number.
    public var width: Double

    /// - Parameter width: mean, in units of the number.
    public init(level: Double, share: Double, width: Double) {
      (self.level, self.share, self.width) = (level, share, width)
    }

    /// For people.
    public var words: String {
      String(
        format: "intervals of %.0f %% hold %.1f %% of the numbers and are %.1f wide on average", level * 100,
        share * 100, width)
    }
  }

  /// What answers claim, and what comes true of it.
  public struct Reliability: Sendable, Codable, Hashable {
    /// Expected calibration error, 0 to 1.
    public var ece: Double?
    /// Bins that hold answers, lowest confidence first.
    public var bins: [ReliabilityBin]
  }
}

extension Evaluation.TaskFigures {
  /// A figure with its interval.
  public struct Measured: Sendable, Hashable {
    /// As it stands in JSON.
    public var name: String
    /// For people.
    public var title: String
    /// In the figure's own unit.
    public var value: Double
    /// Nil where none was found.
    public var interval: ClosedRange<Double>?
  }

  /// The figures that can have intervals and that the task has, in the order in which people read them.
  public var measured: [Measured] {
    let all = [
      ("accuracy", "accuracy", accuracy), ("balancedAccuracy", "balanced accuracy", balancedAccuracy),
      ("macroF1", "macro F1", macroF1), ("auroc", "AUROC", auroc), ("ece", "ECE", ece),
      ("rmse", "RMSE", rmse),
    ]
    return all.compactMap { name, title, value in
      value.map { Measured(name: name, title: title, value: $0, interval: interval(name)) }
    }
  }

  /// The interval of a figure, named as in JSON; nil where there is none.
  public func interval(_ name: String) -> ClosedRange<Double>? {
    guard let bounds = intervals?[name], bounds.count == 2, bounds[0] <= bounds[1] else { return nil }
    return bounds[0]...bounds[1]
  }
}

extension Evaluation {
  /// Figures of faults as events, a sentence a task; empty where no task has any.
  public var eventLines: [String] {
    tasks.compactMap { task in task.events.map { "\(split), \(task.task): \($0.sentence). \($0.rule)" } }
  }

  /// The figures alone: without the maps, which only a page can show.
  public var withoutMaps: Evaluation {
    var copy = self
    for task in copy.tasks.indices { copy.tasks[task].map = nil }
    return copy
  }
}

extension Evaluation.Resampling {
  /// What the intervals are, in words.
  public var words: String {
    "\(Int((level * 100).rounded())) % bootstrap intervals: percentiles of \(resamples) draws of \(units) "
      + (isGrouped ? "groups with replacement, all rows of a group together." : "rows with replacement.")
  }
}
