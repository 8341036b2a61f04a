import Bundles
import Decoders
import Faults
import Files
import Foundation
import Testing

/// Following, with everything on the test's own thread: what happens to the file happens where predictions are
/// handed over, and the program "is killed" there by an error.
@Suite struct FollowTests {
  private let readings = TinyMachine.readings(200, fault: "hot", onset: 101, seed: 901)

  private struct Killed: Error {}

  private func append(_ text: String, to path: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// The lines that the whole file gives.
  private func expected(_ path: String) throws -> String {
    var text = ""
    _ = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()).run {
      text += $0.map { $0.json + "\n" }.joined()
    }
    return text
  }

  /// Follows into a file; `after` is called with the number of lines that this run has written, before their place
  /// is saved.
  private func follow(_ path: String, out: String, after: @escaping (Int) throws -> Void) throws {
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
    #expect(throws: Killed.self) {
      try PredictJob(.init(path: path), bundle: TinyMachine.bundle()).follow(
        state: out + ".state", interval: .milliseconds(1), into: sink)
    }
  }

  @Test func restartsLoseAndRepeatNothing() throws {
    try TinyMachine.inFolder { folder in
      let whole = folder + "/whole.csv", path = folder + "/plant.csv", out = folder + "/out.jsonl"
      let text = TinyMachine.csv(readings)
      try text.write(toFile: whole, atomically: true, encoding: .utf8)
      let lines = text.split(separator: "\n").map { "\($0)\n" }
      // Row 73 and half a line of row 74: a window is half full, and the file ends inside a line.
      try (lines[...73].joined() + String(lines[74].prefix(9))).write(
        toFile: path, atomically: false, encoding: .utf8)
      try follow(path, out: out) { count in
        if count == 11 {
          // The windows up to row 70 are out and their place will be saved; the plant writes on.
          try append(String(lines[74].dropFirst(9)) + lines[75...130].joined(), to: path)
        } else {
          // Killed with windows written whose place is not saved.
          throw Killed()
        }
      }
      let first = try String(contentsOfFile: out, encoding: .utf8)
      #expect(first.split(separator: "\n").count == 23)
      // … and in the middle of a line.
      try append("{\"ro", to: out)
      try append(lines[131...].joined(), to: path)
      try follow(path, out: out) { count in
        // Windows ending at rows 75 to 200.
        if count == 26 { throw Killed() }
      }
      let found = try String(contentsOfFile: out, encoding: .utf8)
      let wanted = try expected(whole)
      #expect(found == wanted)
    }
  }

  /// Killed as soon as the output is there: a restart must know it for its own.
  @Test func thePlaceIsSavedBeforeTheOutputOpens() throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv", state = folder + "/state"
      try TinyMachine.csv(readings).write(toFile: path, atomically: false, encoding: .utf8)
      var kept: [Int?] = []
      for _ in 0..<2 {
        let sink = PredictJob.Sink(
          begin: {
            kept.append($0)
            #expect(FileManager.default.fileExists(atPath: state))
            throw Killed()
          }, take: { _ in 0 })
        #expect(throws: Killed.self) {
          try PredictJob(.init(path: path), bundle: TinyMachine.bundle()).follow(state: state, into: sink)
        }
      }
      #expect(kept == [nil, 0])
    }
  }

  @Test func anotherBundleOrStrideIsRefused() throws {
    try TinyMachine.inFolder { folder in
      let path = folder + "/plant.csv", out = folder + "/out.jsonl"
      let lines = TinyMachine.csv(readings).split(separator: "\n").map { "\($0)\n" }
      try lines[...100].joined().write(toFile: path, atomically: false, encoding: .utf8)
      try follow(path, out: out) { count in
        if count > 17 { throw Killed() }
        try append(lines[101...].joined(), to: path)
      }
      var other = try TinyMachine.bundle()
      other.sha256 = "another"
      let sink = PredictJob.Sink(begin: { _ in }, take: { _ in 0 })
      #expect(throws: BundleError.self) {
        try PredictJob(.init(path: path), bundle: other).follow(state: out + ".state", into: sink)
      }
      var options = PredictJob.Options(path: path)
      options.every = 3
      #expect(throws: BundleError.self) {
        try PredictJob(options, bundle: TinyMachine.bundle()).follow(state: out + ".state", into: sink)
      }
    }
  }
}
