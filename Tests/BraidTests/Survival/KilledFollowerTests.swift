import Decoders
import Foundation
import Testing

/// Kills the built program again and again while it follows a plant: what it wrote in the end is what it writes of the
/// whole recording at once.
@Suite(.enabled(if: Command.isBuilt), .serialized)  // `swift build --product braid` first
struct KilledFollowerTests {
  private let scratch: Scratch
  private let rows: [String]
  private let wanted: [String]

  init() throws {
    scratch = try Scratch()
    rows = try String(contentsOfFile: Command.samples + "/sensors/plant.csv", encoding: .utf8)
      .split(separator: "\n").map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) }
    let all = try Command.run(["predict", Command.samples + "/sensors/plant.csv", "--bundle", Command.base])
    wanted = all.output.split(separator: "\n").map(String.init)
    try #require(wanted.count > 30, "\(all.errors)")
  }

  /// Starts the program, kills it after a moment, and starts it again, until all was written; then lets it finish.
  private func survive(_ arguments: [String], out: String, while isWriting: () -> Bool) throws {
    var dice = SystemRandomNumberGenerator(), kills = 0
    while isWriting() || kills < 6 {
      let running = try RunningPredict(arguments, errors: scratch.path + "/errors")
      usleep(UInt32.random(in: 150_000...1_500_000, using: &dice))
      running.kill()
      kills += 1
    }
    let last = try RunningPredict(arguments, errors: scratch.path + "/errors")
    last.finish(out, lines: wanted.count, seconds: 120)
    let found = RunningPredict.lines(out)
    #expect(found == wanted, "\(found.count) lines after \(kills) kills: \(last.said)")
  }

  @Test func aFileThatIsRotatedMeanwhile() throws {
    let path = scratch.path + "/plant.csv", out = scratch.path + "/out.jsonl", rows = rows
    try (rows[...80].joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
    let arguments = [path, "--follow", "--bundle", Command.base, "--out", out]
    // A first start begins with the file as it is; from the first place on nothing may be missed.
    let first = try RunningPredict(arguments, errors: scratch.path + "/errors")
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: out + ".state") { usleep(100_000) }
    first.kill()
    let isDone = DispatchSemaphore(value: 0)
    let writer = Thread {
      var number = 0
      for first in Swift.stride(from: 81, to: rows.count, by: 40) {
        usleep(150_000)
        let piece = rows[first..<min(rows.count, first + 40)].joined(separator: "\n") + "\n"
        if let handle = FileHandle(forWritingAtPath: path) {
          _ = try? handle.seekToEnd()
          // In two pieces, so that a line is seen half.
          try? handle.write(contentsOf: Data(piece.utf8.prefix(700)))
          usleep(20_000)
          try? handle.write(contentsOf: Data(piece.utf8.dropFirst(700)))
          try? handle.close()
        }
        if (first - 81) % 280 == 240 {
          number += 1
          rename(path, path + "-2024010\(number)")
          try? (rows[0] + "\n").write(toFile: path, atomically: false, encoding: .utf8)
          if number == 2 {
            let gzip = Process()
            gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
            gzip.arguments = [path + "-20240101"]
            try? gzip.run()
            gzip.waitUntilExit()
          }
        }
      }
      isDone.signal()
    }
    writer.start()
    var writes = true
    try survive(
      arguments, out: out,
      while: {
        if writes { writes = isDone.wait(timeout: .now()) == .timedOut }
        return writes
      })
  }

  @Test(.enabled(if: Broker.isInstalled, "mosquitto is not installed"))
  func aBrokerThatIsRestartedMeanwhile() throws {
    let broker = try Broker(folder: scratch.path), out = scratch.path + "/out.jsonl"
    let address = "mqtt://127.0.0.1:\(broker.port)/plant/m1"
    let arguments = [address, "--bundle", Command.base, "--out", out]
    // The session must be there before the first row is sent.
    let first = try RunningPredict(arguments, errors: scratch.path + "/errors")
    for _ in 0..<600 where !first.said.contains("Connected") { usleep(100_000) }
    first.kill()
    let header = rows[0], rows = rows
    let isDone = DispatchSemaphore(value: 0)
    let plant = Thread {
      guard let place = try? BrokerAddress(address),
        let writer = try? TopicWriter(place, broker: BrokerOptions(client: "plant"))
      else { return }
      try? writer.write([header])
      for first in Swift.stride(from: 1, to: rows.count, by: 15) {
        usleep(60_000)
        try? writer.write(Array(rows[first..<min(rows.count, first + 15)]))
        if first == 601 {
          broker.stop()
          try? broker.start()
        }
      }
      isDone.signal()
    }
    plant.start()
    var writes = true
    try survive(
      arguments, out: out,
      while: {
        if writes { writes = isDone.wait(timeout: .now()) == .timedOut }
        return writes
      })
  }
}
