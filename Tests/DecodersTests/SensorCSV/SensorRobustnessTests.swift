import Decoders
import Foundation
import Testing

/// Damaged files and odd sources: never a crash or a hang, and the same rows however the bytes arrive.
@Suite struct SensorRobustnessTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private struct Outcome: Equatable {
    var rows: [Int] = [], values: [UInt32] = [], time: [UInt64] = []
    var refused = 0
    var error: DecodingError.Code?
  }

  private func read(_ path: String, portion: Int) -> Outcome {
    var outcome = Outcome()
    do throws(DecodingError) {
      var reader = try SensorReader(path: path)
      while let series = try reader.next(portion) {
        outcome.rows += series.rows
        outcome.values += series.values.map(\.bitPattern)
        outcome.time += (series.time ?? []).map(\.bitPattern)
      }
      outcome.refused = reader.refusedRows.count
    } catch {
      outcome.error = error.code
    }
    return outcome
  }

  private static let healthy: [UInt8] = {
    var generator = Generator(state: 11), text = "time;Temp [°C];\"a;b\";note\r\n"
    for row in 1...400 {
      text += "2024-01-01 00:\(row / 60 < 10 ? "0" : "")\(row / 60):\(row % 60 < 10 ? "0" : "")\(row % 60);"
      text += "\(Int.random(in: -900...900, using: &generator)),\(row % 10);"
      text += row % 7 == 0 ? "NaN;" : "\"\(row),25\";"
      text += row % 5 == 0 ? "\"two\nlines; \"\"x\"\"\"\r\n" : "ok\r\n"
    }
    return Array(text.utf8)
  }()

  @Test(arguments: 0..<120 as Range<UInt64>)
  func damagedBytes(seed: UInt64) throws {
    var generator = Generator(state: seed), bytes = Self.healthy
    for _ in 0..<Int.random(in: 1...12, using: &generator) {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] = "\",;\n\r-.e0 \u{1}".utf8.randomElement(using: &generator)!
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8.random(in: 1...255, using: &generator), at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 30))
      }
    }
    let path = try folder.write("in.csv", bytes)
    let whole = read(path, portion: .max)
    #expect(read(path, portion: 1) == whole)
    #expect(whole.error != nil || whole.rows.count > 150)
    // Every row number is given once, and refused rows keep theirs.
    #expect(zip(whole.rows, whole.rows.dropFirst()).allSatisfy { $0 < $1 })
    if let last = whole.rows.last { #expect(last <= whole.rows.count + whole.refused) }
  }

  @Test func noiseIsRefused() throws {
    for seed in 0..<60 as Range<UInt64> {
      var generator = Generator(state: seed)
      let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(read(try folder.write("in.csv", bytes), portion: 100).error == .unknownFormat)
    }
  }

  @Test func bytesArriveInPieces() throws {
    let expected = read(try folder.write("in.csv", Self.healthy), portion: .max)
    #expect(expected.rows.count == 400 && expected.refused == 0)
    let pipe = folder.path + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let writer = Thread {
      var generator = Generator(state: 3), rest = Self.healthy[...]
      let handle = FileHandle(forWritingAtPath: pipe)
      while !rest.isEmpty {
        let count = Int.random(in: 1...900, using: &generator)
        try? handle?.write(contentsOf: Data(rest.prefix(count)))
        rest = rest.dropFirst(count)
        if Int.random(in: 0..<4, using: &generator) == 0 { usleep(300) }
      }
      try? handle?.close()
    }
    writer.start()
    #expect(read(pipe, portion: 50) == expected)
  }

  @Test func rowsOfAPipeComeAtOnce() throws {
    let pipe = folder.path + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let (started, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: pipe)
      try? handle?.write(contentsOf: Data("a,b\n1,2\n3,4\n5,6\n".utf8))
      started.signal()
      mayEnd.wait()
      try? handle?.write(contentsOf: Data("7,8\n".utf8))
      try? handle?.close()
    }
    writer.start()
    var reader = try SensorReader(path: pipe)
    started.wait()
    // The writer waits for us: these rows must come although the pipe is open and 100 were asked for.
    #expect(try reader.next(100)?.rows == [1, 2, 3])
    mayEnd.signal()
    #expect(try reader.next(100)?.rows == [4])
    #expect(try reader.next(100) == nil)
  }
}
