import Alignment
import Foundation
import Training

/// What a bundle tells of every label, and of numbers, before and after it learned on: on rows of the old training and of
/// the new one that neither has learned from.
public struct ForgettingTable: Sendable, Codable, Hashable {
  /// How well a label is told on some rows.
  public struct Figures: Sendable, Codable, Hashable {
    /// That have the label.
    public var rows: Int
    /// Share of them that is told, before; nil where the bundle did not know the label.
    public var recallBefore: Double?
    /// The same after.
    public var recallAfter: Double
    /// F1 of the label over all rows of the part, before; nil where the bundle did not know the label.
    public var f1Before: Double?
    /// The same after.
    public var f1After: Double

    /// By how much the recall fell; 0 where nothing was known before.
    var fall: Double { (recallBefore ?? recallAfter) - recallAfter }
    /// Rows that were told before, less those that are told now.
    var lost: Int { Int((fall * Double(rows)).rounded()) }
  }

  /// One label of one task.
  public struct Label: Sendable, Codable, Hashable {
    /// Name of the task.
    public var task: String
    /// As manifests write it.
    public var label: String
    /// Whether the bundle did not know it before.
    public var isNew: Bool
    /// On held-out rows of what was learned before; nil without any.
    public var old: Figures?
    /// On held-out rows of the new manifest; nil without any.
    public var new: Figures?
  }

  /// The number of one task, on held-out rows of what was learned before.
  public struct Number: Sendable, Codable, Hashable {
    /// Name of the task.
    public var task: String
    /// That have a number.
    public var rows: Int
    /// Root mean squared error in the manifest's units, before.
    public var rmseBefore: Double
    /// The same after.
    public var rmseAfter: Double
  }

  /// In the order of the tasks and their labels.
  public var labels: [Label]
  /// In the order of the tasks.
  public var numbers: [Number]

  /// Mean recall of the old labels on old rows, before; nil without any.
  public var meanBefore: Double? { mean { $0.recallBefore } }
  /// The same after.
  public var meanAfter: Double? { mean { $0.recallAfter } }

  private var judged: [Figures] { labels.filter { !$0.isNew }.compactMap(\.old) }

  private func mean(_ part: (Figures) -> Double?) -> Double? {
    let values = judged.compactMap(part)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Why the bundle has forgotten too much, in a sentence; nil where it has not. One row alone is chance, however few rows
  /// there are: it never counts as forgetting.
  /// - Parameters:
  ///   - limit: largest fall of the mean recall of old labels, 0 to 1.
  ///   - labelLimit: largest fall of one old label's recall, and largest growth of a number's error as a share of it.
  public func objection(limit: Double, labelLimit: Double) -> String? {
    func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    // What is stored as 0.02 must not fail a fall of 0.02.
    let slack = 1e-9
    let known = labels.filter { !$0.isNew }
    if let worst = known.filter({ $0.old?.lost ?? 0 > 1 }).max(by: { $0.old?.fall ?? 0 < $1.old?.fall ?? 0 }),
      let old = worst.old, old.fall > labelLimit + slack
    {
      return "The recall of \(worst.label) falls from \(percent(old.recallBefore ?? 0)) to "
        + "\(percent(old.recallAfter)) of \(old.rows) rows; at most \(percent(labelLimit)) are allowed."
    }
    if let before = meanBefore, let after = meanAfter, before - after > limit + slack,
      judged.reduce(0, { $0 + $1.lost }) > 1
    {
      return
        "The mean recall of \(judged.count) old labels falls from \(percent(before)) to \(percent(after)); at "
        + "most \(percent(limit)) are allowed."
    }
    if let worst = numbers.first(where: { $0.rmseAfter > $0.rmseBefore * (1 + labelLimit) + slack }) {
      return String(
        format: "The error of \(worst.task) grows from %.4g to %.4g; at most %@ are allowed.",
        worst.rmseBefore,
        worst.rmseAfter, percent(labelLimit))
    }
    return nil
  }
}
