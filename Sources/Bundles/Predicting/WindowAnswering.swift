import Encoders
import Faults
import Training

/// Who says what a window of a recording shows: a trained bundle, or a detector that knows normal operation.
protocol WindowAnswering: Sendable {
  /// The channels of a window, in their order, with the rows of a window and from one to the next.
  var channelSet: ChannelSet { get }
  /// Labels of the answers, in the order of `FaultPrediction.probabilities`.
  var labels: [String] { get }
  /// First description of each label; nil where there is none.
  var labelDescriptions: [String?] { get }
  /// Follows the levels of channels that wander, as it stands before the first row; nil where none is followed.
  var tracker: LevelTracker? { get }
  /// Watches what the answers do not tell of a stream: sensors that died, times that do not fit; nil where nobody does.
  /// - Parameters:
  ///   - columns: of each channel in the recording; nil for one that it lacks.
  ///   - rateTolerance: share from which on a rate is another than the training's.
  func watch(columns: [Int?], rateTolerance: Double) -> StreamWatch?
  /// What tells it from others: windows that wait for one are no windows of another.
  var identity: String { get }

  /// Answers for several windows, shared out over the threads of a team; in their order.
  func predict(_ windows: [WindowCutter.Window], on team: ReplicaTeam) throws -> [FaultPrediction]
}

extension WindowAnswering {
  /// Rows of a window.
  var rows: Int { channelSet.rows }
  /// Rows from one window to the next.
  var stride: Int { channelSet.stride }

  func watch(columns: [Int?], rateTolerance: Double) -> StreamWatch? { nil }
}

extension FaultPipeline: WindowAnswering {
  var tracker: LevelTracker? { nil }
  var identity: String { bundle.sha256 }

  func watch(columns: [Int?], rateTolerance: Double) -> StreamWatch? {
    StreamWatch(channelSet, columns: columns, rows: rows, tolerance: rateTolerance)
  }
}
