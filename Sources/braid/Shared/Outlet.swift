import Decoders
import Faults

/// Where the lines of predictions go: into text, and to a topic where one was named.
///
/// `@unchecked` is sound: it is used by the thread of the job alone.
struct Outlet: @unchecked Sendable {
  let lines: PredictionLines
  let writer: TopicWriter?
  let board: PredictionBoard

  init(_ lines: PredictionLines, _ writer: TopicWriter?, _ board: PredictionBoard) {
    (self.lines, self.writer, self.board) = (lines, writer, board)
  }

  /// Lines with their ends; published first, so that what is saved as done was sent.
  func text(_ predictions: [FaultPrediction], first: Bool) throws -> String {
    try writer?.write(predictions.map(\.json))
    let head = first ? lines.head(sensors: predictions.first?.contributions.map(\.sensor) ?? []) : ""
    return head + lines.text(predictions)
  }

  /// To standard output, unless a topic has them.
  func show(_ text: String) { if writer == nil { Output.text(text) } }
}
