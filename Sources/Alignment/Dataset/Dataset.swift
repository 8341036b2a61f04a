import Encoders
import Layers
import Training

/// A manifest as training takes it: decoded, with its tasks, channel sets and descriptions.
public struct Dataset: Sendable {
  /// What is asked, with the labels of each.
  public var tasks: [LabelTask]
  /// What each input of a task is: `kinds[task]`.
  public var kinds: [Set<SampleInput.Kind>]
  /// Descriptions of each label: `[task][label]`.
  public var descriptions: [[[String]]]
  /// Channels that recordings have, each set with its statistics in the train windows.
  public var channelSets: [ChannelSet]
  /// Samples to learn from.
  public var train: [Sample]
  /// Samples to choose by; empty where none were given or held out.
  public var validation: [Sample]
  /// Samples to score by, once.
  public var test: [Sample]

  /// - Parameters:
  ///   - kinds: modalities of each task.
  ///   - descriptions: texts of each label of each task.
  public init(
    tasks: [LabelTask], kinds: [Set<SampleInput.Kind>], descriptions: [[[String]]], channelSets: [ChannelSet],
    train: [Sample], validation: [Sample], test: [Sample]
  ) {
    (self.tasks, self.kinds, self.descriptions) = (tasks, kinds, descriptions)
    (self.channelSets, self.train, self.validation, self.test) = (channelSets, train, validation, test)
  }

  /// Channel sets that the windows of each task follow.
  public var taskSets: [[Int]] {
    var found = tasks.map { _ in Set<Int>() }
    for sample in train + validation + test {
      if case .series(let window) = sample.input { found[sample.task].insert(window.set) }
    }
    return found.map { $0.sorted() }
  }

  /// With single views beside the examinations of tasks that have no single picture: what is usual of one picture is
  /// measured on them.
  public var withSingleViews: Dataset {
    let pictured = Set((train + validation).filter { $0.input.kind == .image }.map(\.task))
    func singles(_ samples: [Sample]) -> [Sample] {
      samples.filter { !pictured.contains($0.task) }.flatMap(\.singleViews)
    }
    var copy = self
    copy.train += singles(train)
    copy.validation += singles(validation)
    return copy
  }

  /// Whether some train rows have nothing to learn from but themselves.
  var hasUnlabelled: Bool { train.contains { !$0.isLabelled } }

  /// A text for the labels of a row: one description of each, as sentences.
  func description(
    of labels: [Float], task: Int, using rng: inout some RandomNumberGenerator
  ) -> String? {
    let parts = labels.indices.filter { labels[$0] > 0.5 && !descriptions[task][$0].isEmpty }.map { label in
      descriptions[task][label][rng.below(descriptions[task][label].count)]
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
