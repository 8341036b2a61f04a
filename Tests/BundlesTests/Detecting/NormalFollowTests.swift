import Bundles
import Faults
import Files
import Foundation
import Testing

/// Following a file that is learned from first; what happens to it happens where predictions are handed over.
@Suite struct NormalFollowTests {
  private struct Killed: Error {}

  /// One sensor warms up all the time, so that its level is followed over restarts too.
  private static let text: String = {
    var readings = TinyMachine.readings(600, fault: "hot", onset: 550, seed: 78)
    for row in readings.indices { readings[row][2] += 0.01 * Double(row) }
    return TinyMachine.csv(readings)
  }()

  private func follow(
    _ path: String, _ period: String, out: String, after: @escaping (Int) throws -> Void
  ) throws {
    var file: AppendedLines?
    var lines = 0
    let sink = PredictJob.Sink(
      begin: { file = try AppendedLines(path: out, keeping: $0 ?? 0) },
      take: { predictions in
        try file?.write(predictions.map { $0.json + "\n" }.joined())
        lines += predictions.count
        try after(lines)
        return file?.length
      })
    let answerer = Answerer.normal(try #require(NormalPeriod(period)), DetectorSettings())
    try PredictJob(.init(path: path), by: answerer).follow(
      state: out + ".state", interval: .milliseconds(1), into: sink)
  }

  private func append(_ text: String, to path: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  @Test func restartsGoOnWithWhatWasLearned() throws {
    try TinyMachine.inFolder { folder in
      let whole = folder + "/whole.csv", path = folder + "/plant.csv", out = folder + "/out.jsonl"
      try Self.text.write(toFile: whole, atomically: true, encoding: .utf8)
      let lines = Self.text.split(separator: "\n").map { "\($0)\n" }
      try lines[...420].joined().write(toFile: path, atomically: false, encoding: .utf8)
      #expect(throws: Killed.self) {
        try follow(path, "400", out: out) { count in
          // Rows 401 to 420 are out and their place will be saved; those after them are killed before it is.
          if count == 20 { try append(lines[421...500].joined(), to: path) } else { throw Killed() }
        }
      }
      try append(lines[501...].joined(), to: path)
      #expect(throws: Killed.self) {
        try follow(path, "400", out: out) { count in if count == 180 { throw Killed() } }
      }
      var wanted = ""
      let answerer = Answerer.normal(try #require(NormalPeriod("400")), DetectorSettings())
      _ = try PredictJob(.init(path: whole), by: answerer).run {
        wanted += $0.map { $0.json + "\n" }.joined()
      }
      #expect(wanted.contains("\"row\":600,") && !wanted.contains("\"row\":400,"))
      #expect(try String(contentsOfFile: out, encoding: .utf8) == wanted)
      // Taken up with another period it would judge rows; more of them make that end at once.
      try append(lines[1...100].joined(), to: path)
      let error = #expect(throws: BundleError.self) {
        try follow(path, "300", out: out) { _ in throw Killed() }
      }
      #expect(error?.description.contains("another normal period") == true)
    }
  }
}
