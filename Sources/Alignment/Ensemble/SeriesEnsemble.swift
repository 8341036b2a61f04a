import Encoders
import Foundation
import Training

/// The network and the learners beside it, which together answer the tasks of recordings.
///
/// A network sees every modality and the words, but needs many windows; trees and linear learners over plain features
/// need few. Their probabilities are averaged, each with a weight that validation gave it.
public struct SeriesEnsemble: Sendable {
  /// What is asked of a window.
  public enum Question: String, Sendable, Codable, CaseIterable {
    /// Which of the task's labels it has.
    case labels
    /// The task's number, such as remaining life.
    case number
  }

  /// One question of one task, of windows of one channel set.
  public struct Key: Sendable, Codable, Hashable, Comparable {
    /// Index of the task.
    public var task: Int
    /// Index of the channel set.
    public var set: Int
    /// A task may ask for both, each answered by members of its own.
    public var question: Question

    /// By task, then channel set, then question.
    public static func < (a: Key, b: Key) -> Bool {
      (a.task, a.set, a.question.rawValue) < (b.task, b.set, b.question.rawValue)
    }
  }

  /// Who answers, with what weight, and how each did on validation.
  public struct Record: Sendable, Codable, Hashable {
    /// One that answers.
    public struct Voice: Sendable, Codable, Hashable {
      /// Kind of member; nil for the network.
      public var member: EnsembleMember.Kind?
      /// Of its probabilities or numbers; 0 for one that validation left out.
      public var weight: Float
      /// What divides the logarithms of its probabilities before they are joined, at least 1; nil for 1.
      public var temperature: Double?
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

    func temperature(_ kind: EnsembleMember.Kind?) -> Double? {
      record.voices.first { $0.member == kind }?.temperature
    }
  }

  var parts: [Key: Part]

  /// One that leaves every answer to the network.
  public init() { parts = [:] }

  /// By task and channel set.
  public var records: [Record] { parts.values.map(\.record).sorted { $0.key < $1.key } }

  /// Adds the features that members read to a window, where there are members for it.
  public func expand(_ window: SeriesWindow, task: Int, configuration: SeriesConfiguration) -> SeriesWindow {
    let found = asked(task, window)
    guard let first = found.first, window.expanded == nil else { return window }
    var window = window
    // All questions of a task and set read one expansion.
    window.expanded = first.record.expansion.compute(
      window, set: configuration.sets[window.set],
      parts: found.reduce(into: []) { $0.formUnion($1.parts) })
    return window
  }

  /// The parts that answer a task of a window; labels first, whose expansion has thresholds of convolutions.
  func asked(_ task: Int, _ window: SeriesWindow) -> [Part] {
    Question.allCases.compactMap { parts[Key(task: task, set: window.set, question: $0)] }
      .filter { !$0.members.isEmpty }
  }

  /// The network's answer joined with those of the members; as it is where there are none.
  public func answer(
    _ window: SeriesWindow, task: Int, network: Prediction, configuration: SeriesConfiguration
  ) -> Prediction {
    asked(task, window).reduce(network) { answer, part in
      SeriesEnsemble.join(
        answer, part.record.key.question, weight: part.weight(nil), temperature: part.temperature(nil),
        members(window, part.record.key, configuration: configuration),
        part.members.map { part.weight($0.kind) })
    }
  }

  /// What each member says of a window by itself: probabilities or one standardised number, `[member][answer]`.
  func members(_ window: SeriesWindow, _ key: Key, configuration: SeriesConfiguration) -> [[Float]] {
    guard let part = parts[key] else { return [] }
    let window = expand(window, task: key.task, configuration: configuration)
    let features =
      window.features
      ?? SeriesFeatures.compute(window, set: configuration.sets[window.set], configuration: configuration)
    return part.members.map { member in
      let said = member.outputs(
        EnsembleMember.row(
          member.kind, features: features, expanded: window.expanded ?? [],
          expansion: part.record.expansion, configuration: configuration))
      guard let temperature = part.temperature(member.kind) else { return said }
      return SeriesEnsemble.probabilities(SeriesEnsemble.logarithms(said), temperature: temperature)
    }
  }

  /// - Returns: numbers that sum to one.
  static func probabilities(_ logits: [Float], temperature: Double = 1) -> [Float] {
    TemperatureScaling(temperature: temperature).probabilities(logits, classes: logits.count)
  }

  /// A probability of nothing at all would leave no way back for a calibration.
  static func logarithms(_ probabilities: [Float]) -> [Float] { probabilities.map { logf(max($0, 1e-6)) } }

  /// The weighted mean of probabilities as logits, or of standardised numbers.
  static func join(
    _ network: Prediction, _ question: Question, weight: Float, temperature: Double?, _ answers: [[Float]],
    _ weights: [Float]
  ) -> Prediction {
    let total = weight + weights.reduce(0, +)
    guard total > 0 else { return network }
    var joined = network
    func mean(_ own: [Float]) -> [Float] {
      own.indices.map { place in
        zip(answers, weights).reduce(own[place] * weight) { $0 + $1.0[place] * $1.1 } / total
      }
    }
    switch question {
    case .labels:
      joined.logits = logarithms(mean(probabilities(network.logits, temperature: temperature ?? 1)))
    case .number: joined.value = network.value.map { mean([$0])[0] }
    }
    return joined
  }
}
