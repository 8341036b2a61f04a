import Encoders

/// What an encoder can take.
public enum SampleInput: Sendable {
  /// One picture of the encoder's size.
  case image(Picture)
  /// Several pictures of one examination, each of the encoder's size.
  case views([Picture])
  /// The frames of a clip, in order, each of the encoder's size.
  case clip([Picture])
  /// Readings of some channels over some rows.
  case series(SeriesWindow)

  /// The kind of input, without its content.
  public enum Kind: String, Sendable, Codable, CaseIterable { case image, views, clip, series }

  /// Which of the modalities it is.
  public var kind: Kind {
    switch self {
    case .image: .image
    case .views: .views
    case .clip: .clip
    case .series: .series
    }
  }

  /// Pictures and frames at half their side; recordings as they are.
  var halved: SampleInput {
    switch self {
    case .image(let picture): .image(picture.halved)
    case .views(let pictures): .views(pictures.map(\.halved))
    case .clip(let frames): .clip(frames.map(\.halved))
    case .series: self
    }
  }
}

/// One input of one manifest row, decoded, with all that is known of it.
public struct Sample: Sendable {
  /// Id of the manifest row.
  public var id: String
  /// Patient, machine or the like; never in two splits.
  public var group: String?
  /// The decoded picture, clip or window.
  public var input: SampleInput
  /// Index into the tasks; the rows of one task share their labels.
  public var task: Int
  /// Shares of the task's labels, 0 or 1; nil without label.
  public var labels: [Float]?
  /// The number to predict, in the manifest's units; nil without one.
  public var target: Float?
  /// Texts of the row's own; several rows on the same input share all of theirs.
  public var texts: [String]
  /// Rows on the same input have the same key, so that their texts are never negatives of each other.
  public var inputKey: String

  /// - Parameters:
  ///   - task: index among the data set's tasks.
  ///   - labels: a share for each label of the task; nil where they are not known.
  public init(
    id: String, group: String?, input: SampleInput, task: Int, labels: [Float]?, target: Float?,
    texts: [String], inputKey: String
  ) {
    (self.id, self.group, self.input, self.task) = (id, group, input, task)
    (self.labels, self.target, self.texts, self.inputKey) = (labels, target, texts, inputKey)
  }

  /// The same with pictures at half their side.
  var halved: Sample {
    var copy = self
    copy.input = input.halved
    return copy
  }

  /// The views of an examination as pictures by themselves; empty for other inputs.
  public var singleViews: [Sample] {
    guard case .views(let pictures) = input else { return [] }
    return pictures.map {
      var copy = self
      copy.input = .image($0)
      return copy
    }
  }

  /// The window of a recording; nil for other inputs.
  var window: SeriesWindow? { if case .series(let window) = input { window } else { nil } }

  /// Whether there is anything to learn from but the input itself.
  public var isLabelled: Bool { labels != nil || target != nil || !texts.isEmpty }

  /// Samples of one stream can stand in one batch: same task, same kind, same channels or number of
  /// views.
  public var stream: Stream {
    let set: Int =
      switch input {
      case .series(let window): window.set
      case .views(let pictures): pictures.count
      case .image, .clip: 0
      }
    return Stream(task: task, kind: input.kind, set: set)
  }

  /// What the samples of a batch have in common.
  public struct Stream: Sendable, Hashable, Comparable {
    /// Index of the task.
    public var task: Int
    /// Modality.
    public var kind: SampleInput.Kind
    /// Channel set of a series, number of views; 0 for others.
    public var set: Int

    /// By task, then modality, then channel set.
    public static func < (a: Stream, b: Stream) -> Bool {
      (a.task, a.kind.rawValue, a.set) < (b.task, b.kind.rawValue, b.set)
    }
  }
}
