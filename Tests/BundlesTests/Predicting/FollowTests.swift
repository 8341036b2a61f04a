import Bundles
import Decoders
import Faults
import Files
import Foundation
import Testing

@Suite struct FollowTests {
  private let readings = TinyMachine.readings(200, fault: "hot", onset: 101, seed: 901)

  /// The lines that the whole file gives.
  private func expected(_ path: String) throws -> String {
    var text = ""
    _ = try PredictJob(.init(path: path), bundle: TinyMachine.bundle()).run {
      text += $0.map { $0.json + "\n" }.joined()
    }
    return text
  }

  /// Follows until `until` lines have come in all or some time has passed, then cancels.
  private func follow(
    _ path: String, out: String, lines until: Int, damage: @escaping @Sendable () -> Void = {}
  ) async throws {
    let bundle = try TinyMachine.bundle()
    let task = Task.detached {
      var file: AppendedLines?
      let sink = PredictJob.Sink(
        begin: { file = try AppendedLines(path: out, keeping: $0 ?? 0) },
        take: { predictions in
          try file?.write(predictions.map { $0.json + "\n" }.joined())
          return file?.length
        })
      return try PredictJob(.init(path: path), bundle: bundle).follow(
        state: out + ".state", interval: .milliseconds(5), into: sink)
    }
    for _ in 0..<2000 {
      let count = FileManager.default.contents(atPath: out)?.count { $0 == 0x0A } ?? 0
      if count >= until { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    task.cancel()
    _ = try await task.value
    damage()
  }

  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "braid-follow-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func restartsLoseAndRepeatNothing() async throws {
    try await inFolder { folder in
      let whole = folder + "/whole.csv", path = folder + "/plant.csv", out = folder + "/out.jsonl"
      let text = TinyMachine.csv(readings)
      try text.write(toFile: whole, atomically: true, encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0 + "\n" }
      // Row 73 and half a line: a window is half full and a line half written when the program ends.
      try (lines[...73].joined() + lines[74].prefix(9)).write(
        toFile: path, atomically: false, encoding: .utf8)
      try await follow(path, out: out, lines: 11)
      let kept = try String(contentsOfFile: out, encoding: .utf8)
      #expect(kept.split(separator: "\n").count == 11)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((lines[74].dropFirst(9) + lines[75...].joined()).utf8))
      try handle.close()
      // As if it had been killed after writing windows whose place was not saved.
      let output = try #require(FileHandle(forWritingAtPath: out))
      try output.seekToEnd()
      try output.write(contentsOf: Data("{\"row\":75,\"of\":\"before\"}\n{\"ro".utf8))
      try output.close()
      try await follow(path, out: out, lines: 37)
      let found = try String(contentsOfFile: out, encoding: .utf8)
      let wanted = try expected(whole)
      #expect(found == wanted)
    }
  }

  @Test func anotherBundleOrStrideIsRefused() async throws {
    try await inFolder { folder in
      let path = folder + "/plant.csv", out = folder + "/out.jsonl"
      try TinyMachine.csv(readings).write(toFile: path, atomically: true, encoding: .utf8)
      try await follow(path, out: out, lines: 37)
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
