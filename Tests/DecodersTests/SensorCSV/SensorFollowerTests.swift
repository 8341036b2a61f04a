import Decoders
import Foundation
import Testing

@Suite struct SensorFollowerTests {
  let folder: ScratchFolder
  let file: String, place: String
  init() throws {
    folder = try ScratchFolder()
    (file, place) = (folder.path + "/plant.csv", folder.path + "/plant.place")
  }

  private static func lines(_ rows: ClosedRange<Int>) -> String { rows.map { "\($0),\($0 * 2)\n" }.joined() }

  private func follow() throws(DecodingError) -> SensorFollower {
    try SensorFollower(path: file, placeFile: place, interval: .milliseconds(5))
  }

  /// What comes until nothing more has come for some looks; checks that values belong to their row numbers.
  private func drain(_ follower: inout SensorFollower, quiet: Int = 4) throws -> [Int] {
    var found: [Int] = [], looks = 0
    while looks < quiet {
      if let series = try follower.poll(7) {
        #expect(series.time?.map { Int($0) } == series.values.map { Int($0) / 2 })
        found += (series.time ?? []).map { Int($0) }
        looks = 0
      } else {
        looks += 1
      }
    }
    return found
  }

  @Test func growsAndWaitsForTheEndOfALine() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var follower = try follow()
    #expect(follower.header.channels.map(\.name) == ["x"])
    #expect(try drain(&follower) == Array(1...100))
    try folder.append("plant.csv", "101,202\n102,2")
    #expect(try drain(&follower) == [101])
    try folder.append("plant.csv", "04\n103,")
    #expect(try drain(&follower) == [102])
    try folder.append("plant.csv", "206\n")
    let last = try #require(try follower.poll())
    #expect(last.rows == [103] && last.values == [206])
    #expect(follower.refusedRows.count == 0)
  }

  @Test func startsWithAHeaderAlone() throws {
    try folder.write("plant.csv", "time,x\n")
    let folder = folder
    let writer = Thread {
      usleep(30_000)
      try? folder.append("plant.csv", Self.lines(1...2))
    }
    writer.start()
    var follower = try follow()
    #expect(try follower.next().rows == [1, 2])
  }

  @Test(arguments: [true, false])
  func goesOnOverRotation(withHeader: Bool) throws {
    let header = withHeader ? "time,x\n" : ""
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...100))
    try folder.append("plant.csv", Self.lines(101...110) + "111,2")
    try folder.move("plant.csv", to: "plant.csv.1")
    try folder.write("plant.csv", header + Self.lines(112...120))
    // The writer ends its line in the renamed file.
    try folder.append("plant.csv.1", "22\n")
    #expect(try drain(&follower) == Array(101...120))
    #expect(follower.lastRow == 120)
    try folder.append("plant.csv", Self.lines(121...122))
    #expect(try follower.next().rows == [121, 122])
    #expect(follower.refusedRows.count == 0)
    #expect(follower.notes.count == 1)
  }

  @Test func lastLineWithoutEndIsReadAfterRotation() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...70) + "71,142")
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...70))
    try folder.move("plant.csv", to: "plant.csv.1")
    try folder.write("plant.csv", "time,x\n72,144\n")
    #expect(try drain(&follower) == [71, 72])
  }

  @Test func goesOnAfterTruncation() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...100))
    try folder.write("plant.csv", "")
    #expect(try drain(&follower) == [])
    try folder.append("plant.csv", "time,x\n" + Self.lines(101...105))
    #expect(try drain(&follower) == Array(101...105))
    #expect(follower.lastRow == 105)
  }

  /// Cut and filled beyond the old length between two looks, so that only the bytes can tell.
  @Test func noticesTruncationBehindALargerFile() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...100))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(("time,x\n" + Self.lines(101...400)).utf8))
    try handle.close()
    #expect(try drain(&follower) == Array(101...400))
  }

  @Test func takesTheRestFromACopyThatWasMadeBeforeTruncation() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...100))
    try folder.write("plant.csv.1", "time,x\n" + Self.lines(1...130))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    try handle.truncate(atOffset: 0)
    try handle.close()
    try folder.append("plant.csv", Self.lines(131...135))
    #expect(try drain(&follower) == Array(101...135))
  }

  @Test func repeatedHeadersMayReorderColumns() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...80) + "time,x\n81,162\nx,time\n164,82\n")
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...82))
    try folder.append("plant.csv", "time,x\n83,166\n")
    #expect(try drain(&follower) == [83])
    #expect(follower.repeatedHeaders == 3)
    #expect(follower.lastRow == 83)
  }

  @Test func newFileMayHaveMoreColumnsButNotOthers() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...80))
    var follower = try follow()
    #expect(try drain(&follower) == Array(1...80))
    try folder.move("plant.csv", to: "plant.csv.1")
    try folder.write("plant.csv", "y;x;time\n9;162;81\n9;164;82\n")
    #expect(try drain(&follower) == [81, 82])
    try folder.move("plant.csv", to: "plant.csv.2")
    try folder.write("plant.csv", "time,z\n1,2\n2,3\n3,4\n")
    let error = #expect(throws: DecodingError.self) { _ = try drain(&follower) }
    #expect(error?.code == .malformed)
    #expect(error?.reason.contains("x") ?? false)
  }

  @Test func unreadableRowsKeepTheirNumbers() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...70) + "oops\n71,142\n72,bad\n")
    var follower = try follow()
    var rows: [Int] = []
    while let series = try follower.poll() { rows += series.rows }
    #expect(rows == Array(1...70) + [72])
    #expect(follower.refusedRows.examples.map(\.place) == [.row(71), .row(73, column: 2)])
  }

  @Test func restartsWhereItStopped() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var first = try follow()
    let part = try #require(try first.poll(30))
    #expect(part.rows == Array(1...30))
    try first.savePlace(attachment: Data("state".utf8))
    _ = try first.poll(30)  // handed out, but not saved

    try folder.append("plant.csv", Self.lines(101...103) + "104,20")
    var second = try follow()
    #expect(second.restoredAttachment == Data("state".utf8))
    #expect(try drain(&second) == Array(31...103))
    try second.savePlace()
    try folder.append("plant.csv", "8\n")
    var third = try follow()
    #expect(third.restoredAttachment == nil)
    #expect(try third.next().rows == [104])
  }

  @Test(arguments: ["renamed", "twice", "copied", "compressed", "cut", "gone"])
  func restartsAfterTheFileWasRotated(how: String) throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    var first = try follow()
    #expect(try first.poll(60)?.count == 60)
    try first.savePlace()
    try folder.append("plant.csv", Self.lines(101...110))
    var expected = Array(61...120)
    switch how {
    case "renamed":
      try folder.move("plant.csv", to: "plant.csv.1")
      try folder.write("plant.csv", "time,x\n" + Self.lines(111...120))
    case "twice":
      try folder.move("plant.csv", to: "plant.csv.2")
      try folder.write("plant.csv.1", "time,x\n" + Self.lines(111...115))
      try folder.write("plant.csv", "time,x\n" + Self.lines(116...120))
    case "copied":
      try FileManager.default.copyItem(atPath: file, toPath: file + "-20240131")
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      try handle.truncate(atOffset: 0)
      try handle.close()
      try folder.append("plant.csv", "time,x\n" + Self.lines(111...120))
    case "compressed":
      let gzip = Process()
      gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
      gzip.arguments = ["-S", ".1.gz", file]
      try gzip.run()
      gzip.waitUntilExit()
      try #require(gzip.terminationStatus == 0)
      try folder.write("plant.csv", "time,x\n" + Self.lines(111...120))
    case "cut":
      try folder.write("plant.csv", "time,x\n" + Self.lines(111...300))
      expected = Array(111...300)
    default:
      try FileManager.default.removeItem(atPath: file)
      try folder.write("plant.csv", "time,x\n" + Self.lines(111...112))
      expected = [111, 112]
    }
    var second = try follow()
    #expect(try drain(&second) == expected)
    #expect(second.lastRow == 60 + expected.count)
    #expect(second.notes.isEmpty == false)
    try second.savePlace()
    var third = try follow()
    #expect(try drain(&third) == [])
  }

  /// A place saved before the first row: what tells the parts apart is not read yet.
  @Test func aPlaceBeforeTheFirstRowFindsItsPart() throws {
    try folder.write("plant.csv-20240101", "time,x\n" + Self.lines(1...70))
    try folder.write("plant.csv", "time,x\n" + Self.lines(71...140))
    let first = try follow()
    try first.savePlace()
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    try folder.move("plant.csv", to: "plant.csv-20240102")
    gzip.arguments = [folder.path + "/plant.csv-20240102"]
    try gzip.run()
    gzip.waitUntilExit()
    try folder.write("plant.csv-20240103", "time,x\n" + Self.lines(141...210))
    try folder.write("plant.csv", "time,x\n" + Self.lines(211...280))
    var second = try follow()
    #expect(try drain(&second) == Array(71...280))
  }

  /// The file is rotated again while an earlier part of it is still being read.
  @Test func losesNoFileOfSeveralRotations() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...70))
    var follower = try follow(), found: [Int] = []
    func rotate(_ day: Int, _ rows: ClosedRange<Int>) throws {
      try folder.move("plant.csv", to: "plant.csv-2024010\(day)")
      try folder.write("plant.csv", "time,x\n" + Self.lines(rows))
    }
    try rotate(1, 71...100)
    try rotate(2, 101...130)
    for _ in 0..<1000 where (found.last ?? 0) < 75 {
      found += (try follower.poll(3)?.time ?? []).map { Int($0) }
    }
    try #require((75..<100).contains(found.last ?? 0))
    try rotate(3, 131...150)
    try rotate(4, 151...160)
    found += try drain(&follower)
    #expect(found == Array(1...160))
  }

  /// A writer that appends in odd pieces, rotates and cuts, against a reader that is stopped again and again.
  @Test func neitherLosesNorRepeatsARow() throws {
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...70))
    let last = 4000
    let folder = folder
    let writer = Thread {
      var generator = Generator(state: 5), next = 71, files = 0, sinceRotation = 0
      while next <= last {
        let end = min(last, next + Int.random(in: 0...60, using: &generator))
        let text = Self.lines(next...end)
        let middle = text.index(text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &generator))
        try? folder.append("plant.csv", String(text[..<middle]))
        usleep(500)
        try? folder.append("plant.csv", String(text[middle...]))
        sinceRotation += end - next + 1
        next = end + 1
        if sinceRotation > 500 {
          files += 1
          try? folder.move("plant.csv", to: "plant.csv-2024010\(files)")
          _ = try? folder.write("plant.csv", "time,x\n")
          sinceRotation = 0
        }
      }
    }
    writer.start()
    var generator = Generator(state: 6), found: [Int] = []
    let deadline = ContinuousClock.now + .seconds(60)
    while found.count < last, ContinuousClock.now < deadline {
      var follower = try follow()
      for _ in 0..<Int.random(in: 1...8, using: &generator) where found.count < last {
        if let series = try follower.poll(Int.random(in: 1...200, using: &generator)) {
          found += (series.time ?? []).map { Int($0) }
          try follower.savePlace()
        } else {
          usleep(2000)
        }
      }
    }
    #expect(found == Array(1...last))
  }

  @Test func refusesWhatCannotBeFollowed() throws {
    #expect(throws: DecodingError.self) { try SensorFollower(path: "-") }
    #expect(throws: DecodingError.self) { try follow() }
    try folder.write("plant.csv", [0x1F, 0x8B, 8, 0])
    #expect(throws: DecodingError.self) { try follow() }
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    try folder.write("plant.place", "{}")
    let error = #expect(throws: DecodingError.self) { try follow() }
    #expect(error?.file == place)
  }

  @Test func cancellation() async throws {
    // On a thread of its own: one of the pool that waits for rows is one that other tests lack.
    try folder.write("plant.csv", "time,x\n" + Self.lines(1...100))
    let (file, place) = (file, place)
    let task = Task(executorPreference: OwnThread()) { () -> DecodingError.Code? in
      do throws(DecodingError) {
        var follower = try SensorFollower(path: file, placeFile: place)
        while true { _ = try follower.next() }
      } catch {
        return error.code
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value == .cancelled)
  }
}

/// Runs each piece of a task on a new thread.
private final class OwnThread: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
  }
}
