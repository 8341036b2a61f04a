import Decoders
import Foundation
import Testing

/// Rows shared out over threads are those that one thread reads.
@Suite struct SensorThreadsTests {
  /// Rows of `time,a,b,note` whose notes sometimes hold line ends and quotes; every `broken`th cannot be read.
  private static func table(rows: Int, broken: Int?) -> String {
    var text = "time,a,b,note\n"
    for row in 1...rows {
      let note = row % 7 == 0 ? "\"two\nlines, \"\"quoted\"\"\n\"" : "plain"
      let first = broken.map { row % $0 == 0 } == true ? "broken" : "\(Double(row) / 8)"
      text += "\(row),\(first),\(-row),\(note)\n"
      if row % 501 == 0 { text += "\n" }
    }
    return text
  }

  private static func read(_ path: String, threads: Int, at once: Int) throws -> (Series, RefusedRows) {
    var options = SensorOptions()
    options.threads = threads
    var reader = try SensorReader(path: path, options: options)
    var all = Series(channels: reader.header.channels, values: [], time: [], timeText: [], rows: [])
    while let part = try reader.next(once) {
      #expect(part.count <= once)
      all.values += part.values
      all.time? += part.time ?? []
      all.timeText? += part.timeText ?? []
      all.rows += part.rows
    }
    return (all, reader.refusedRows)
  }

  @Test(arguments: [nil, 20_011, 40], [5000, Int.max])
  func threadsReadWhatOneReads(broken: Int?, once: Int) throws {
    let rows = 60_000
    let path = NSTemporaryDirectory() + "threads-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Without the last line end.
    try Data(Self.table(rows: rows, broken: broken).utf8.dropLast()).write(to: URL(fileURLWithPath: path))
    let good = (1...rows).filter { row in broken.map { row % $0 != 0 } ?? true }
    let values: [Float] = good.flatMap { [Float($0) / 8, -Float($0)] }
    let one = try Self.read(path, threads: 1, at: once)
    for threads in [2, 3] {
      let (series, refused) = try Self.read(path, threads: threads, at: once)
      #expect(series.channels.map(\.name) == ["a", "b"])
      #expect(series.rows == good && series.values == values)
      #expect(series.time == good.map(Double.init))
      #expect(series.timeText == good.map { String($0) })
      #expect(refused.count == rows - good.count && refused == one.1)
    }
  }
}
