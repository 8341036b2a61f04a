import Decoders
import Faults
import Foundation

extension PredictJob {
  /// What came of reading a normal period.
  struct Learning {
    var detector: NormalDetector
    /// Rows that it was learned from; they are not judged.
    var rows: ClosedRange<Int>
    /// All rows read so far, to be judged now.
    var blocks: [Series]
  }

  /// Reads on until the normal period is over and learns from it; nil where nothing is to be learned.
  /// - Parameter next: gives the next rows; nil at the end.
  /// - Throws: `BundleError` where nothing can be learned, or where fewer rows come than the period names.
  func learn(_ header: SensorHeader, _ next: () throws -> Series?) throws -> Learning? {
    guard case .normal(let period, let settings) = answerer else { return nil }
    var collector = try NormalCollector(period, settings: settings, header: header, path: options.path)
    while !collector.isComplete, let block = try next() {
      collector.take(block)
      if let last = block.rows.last { progress(last) }
    }
    if case .rows(let rows) = period, !collector.isComplete {
      let last = collector.blocks.last?.rows.last ?? 0
      throw BundleError(
        path: options.path,
        reason: "The recording ends at row \(last), before the normal period (\(rows.lowerBound) to "
          + "\(rows.upperBound)) does.",
        remedy: "Name a period that lies in the recording with --normal.")
    }
    let (detector, rows) = try collector.learned()
    try learned?(detector)
    return Learning(detector: detector, rows: rows, blocks: collector.blocks)
  }

  /// Matches the columns with a detector's and tells what is known.
  func start(_ detector: NormalDetector, _ header: SensorHeader) throws -> (any WindowAnswering, ChannelMatch)
  {
    let pipeline = try DetectorPipeline(detector)
    let match = try ChannelMatch(header, sets: [pipeline.channelSet], path: options.path, asker: "detector")
    let percent = String(format: "%.3g", 100 * detector.settings.falseAlarms)
    let told =
      "Normal operation was learned from \(detector.rows) rows; of rows like them about \(percent) % may alarm."
    opened(
      Opening(
        labels: pipeline.labels, descriptions: pipeline.labelDescriptions,
        sensors: detector.channels.map(\.name), rows: pipeline.rows, stride: options.every ?? pipeline.stride,
        notes: match.notes + [told] + detector.notes))
    return (pipeline, match)
  }
}
