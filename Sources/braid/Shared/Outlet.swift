import Bundles
import Decoders
import Faults
import Synchronization

/// Where predictions go: into lines, to a topic where one was named, and to what gathers them.
///
/// `@unchecked` is sound: but for the sensors, it is used by the thread of the job alone.
final class Outlet: @unchecked Sendable {
  let board: PredictionBoard
  let recorder: EventRecorder
  private let lines: PredictionLines
  private let writer: TopicWriter?
  private let sensors = Mutex<[String]>([])

  init(
    _ lines: PredictionLines, _ writer: TopicWriter?, _ board: PredictionBoard, _ recorder: EventRecorder
  ) {
    (self.lines, self.writer, self.board, self.recorder) = (lines, writer, board, recorder)
  }

  /// Told what is known before the first line.
  func open(_ opening: PredictJob.Opening) {
    sensors.withLock { $0 = opening.sensors }
    board.open(opening)
    recorder.open(labels: opening.labels)
  }

  /// Lines with their ends; published first, so that what is saved as done was sent.
  func text(_ predictions: [FaultPrediction], first: Bool) throws -> String {
    try recorder.add(predictions)
    try writer?.write(predictions.map(\.json))
    let names = sensors.withLock { $0 }
    return (first ? lines.head(sensors: names) : "") + lines.text(predictions, sensors: names)
  }

  /// To standard output, unless a topic has them.
  func show(_ text: String) { if writer == nil { Output.text(text) } }
}
