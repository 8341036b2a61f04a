import Encoders
import Foundation
import Training

/// The network and the learners beside it, which together answer the tasks of recordings.
///
/// A network sees every modality and the words, but needs many windows; trees and linear learners over plain features
/// need few. Their probabilities are averaged, each with a weight that validation gave it.
public struct SeriesEnsemble: Sendable {
  /// Windows of one channel set for one task.
  public struct Key: Sendable, Codable, Hashable, Comparable {
    /// Index of the task.
    public var task: Int
    /// Index of the channel set.
    public var set: Int

    /// By task, then channel set.
    public static func < (a: Key, b: Key) -> Bool { (a.task, a.set) < (b.task, b.set) }
  }

  /// Who answers, with what weight, and how each did on validation.
  public struct Record: Sendable, Codable, Hashable {
    /// One that answers.
    public struct Voice: Sendable, Codable, Hashable {
      /// Kind of member; nil for the network.
      public var member: EnsembleMember.Kind?
      /// Of its probabilities or numbers; 0 for one that validation left out.
      public var weight: Float
      /// Accuracy on validation rows, or root mean square error in the target's unit; nil where there were none.
      public var validation: Double?
    }

    /// What is answered.
    public var key: Key
    /// What the members read.
    public var expansion: SeriesExpansion
    /// The network first.
    public var voices: [Voice]
  }

  /// Members that have a weight, with their record.
  struct Part: Sendable {
    var record: Record
    var members: [EnsembleMember]
    /// Features that the members read.
    var parts: Set<SeriesExpansion.Part> { Set(members.map(\.kind.part)) }

    func weight(_ kind: EnsembleMember.Kind?) -> Float {
      record.voices.first { $0.member == kind }?.weight ?? 0
    }
  }

  var parts: [Key: Part]

  /// One that leaves every answer to the network.
  public init() { parts = [:] }

  /// By task and channel set.
  public var records: [Record] { parts.values.map(\.record).sorted { $0.key < $1.key } }

  /// Adds the features that members read to a window, where there are members for it.
  public func expand(_ window: SeriesWindow, task: Int, configuration: SeriesConfiguration) -> SeriesWindow {
    guard let part = parts[Key(task: task, set: window.set)], window.expanded == nil else { return window }
    var window = window
    window.expanded = part.record.expansion.compute(
      window, set: configuration.sets[window.set], parts: part.parts)
    return window
  }

  /// The network's answer joined with those of the members; as it is where there are none.
  public func answer(
    _ window: SeriesWindow, task: Int, network: Prediction, configuration: SeriesConfiguration
  ) -> Prediction {
    guard let part = parts[Key(task: task, set: window.set)], !part.members.isEmpty else { return network }
    return SeriesEnsemble.join(
      network, weight: part.weight(nil), members(window, task: task, configuration: configuration),
      part.members.map { part.weight($0.kind) })
  }

  /// What each member says of a window by itself: probabilities or one standardised number, `[member][answer]`.
  func members(_ window: SeriesWindow, task: Int, configuration: SeriesConfiguration) -> [[Float]] {
    guard let part = parts[Key(task: task, set: window.set)] else { return [] }
    let window = expand(window, task: task, configuration: configuration)
    let features =
      window.features
      ?? SeriesFeatures.compute(window, set: configuration.sets[window.set], configuration: configuration)
    return part.members.map { member in
      member.outputs(
        EnsembleMember.row(
          member.kind, features: features, expanded: window.expanded ?? [],
          expansion: part.record.expansion, configuration: configuration))
    }
  }

  /// The weighted mean of probabilities as logits, or of standardised numbers.
  static func join(
    _ network: Prediction, weight: Float, _ answers: [[Float]], _ weights: [Float]
  ) -> Prediction {
    let total = weight + weights.reduce(0, +)
    guard total > 0 else { return network }
    var joined = network
    func mean(_ own: [Float]) -> [Float] {
      own.indices.map { place in
        zip(answers, weights).reduce(own[place] * weight) { $0 + $1.0[place] * $1.1 } / total
      }
    }
    if !network.logits.isEmpty {
      let top = network.logits.max() ?? 0
      let powers = network.logits.map { expf($0 - top) }
      let sum = powers.reduce(0, +)
      // A probability of nothing at all would leave no way back for the calibration.
      joined.logits = mean(powers.map { $0 / sum }).map { logf(max($0, 1e-6)) }
    } else if let value = network.value {
      joined.value = mean([value])[0]
    }
    return joined
  }
}
