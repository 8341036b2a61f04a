import Decoders
import Faults
import Synchronization

/// Where the lines of predictions go: into text, and to a topic where one was named.
///
/// `@unchecked` is sound: but for the sensors, it is used by the thread of the job alone.
final class Outlet: @unchecked Sendable {
  let board: PredictionBoard
  private let lines: PredictionLines
  private let writer: TopicWriter?
  private let sensors = Mutex<[String]>([])

  init(_ lines: PredictionLines, _ writer: TopicWriter?, _ board: PredictionBoard) {
    (self.lines, self.writer, self.board) = (lines, writer, board)
  }

  /// Told the names of the sensors before the first line.
  func open(_ names: [String]) { sensors.withLock { $0 = names } }

  /// Lines with their ends; published first, so that what is saved as done was sent.
  func text(_ predictions: [FaultPrediction], first: Bool) throws -> String {
    try writer?.write(predictions.map(\.json))
    let names = sensors.withLock { $0 }
    return (first ? lines.head(sensors: names) : "") + lines.text(predictions, sensors: names)
  }

  /// To standard output, unless a topic has them.
  func show(_ text: String) { if writer == nil { Output.text(text) } }
}
