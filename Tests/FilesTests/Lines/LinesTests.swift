import Files
import Foundation
import Testing

@Suite struct LinesTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "lines-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func content(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func nothingIsLeftWithoutCommit() throws {
    try inFolder { folder in
      do {
        let lines = try AtomicLines(path: folder + "/a")
        try lines.write("one\n")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func anOldFileStaysUntilTheNewOneIsWhole() throws {
    try inFolder { folder in
      let path = folder + "/a"
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      let lines = try AtomicLines(path: path)
      try lines.write("one\n")
      #expect(content(path) == "old")
      try lines.write("two\n")
      try lines.commit()
      #expect(content(path) == "one\ntwo\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test func whatStandsBehindThePlaceIsTakenBack() throws {
    try inFolder { folder in
      let path = folder + "/a"
      let first = try AppendedLines(path: path, keeping: 0)
      try first.write("one\n")
      let place = first.length
      try first.write("twö\n")
      #expect(first.length == 9)
      let second = try AppendedLines(path: path, keeping: place)
      try second.write("three\n")
      #expect(content(path) == "one\nthree\n")
    }
  }

  @Test func aShorterFileIsAppendedTo() throws {
    try inFolder { folder in
      let path = folder + "/a"
      try Data("x\n".utf8).write(to: URL(fileURLWithPath: path))
      let lines = try AppendedLines(path: path, keeping: 100)
      try lines.write("y\n")
      #expect(content(path) == "x\ny\n")
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    #expect(throws: WritingError.self) { try AtomicLines(path: "/no/such/folder/a") }
    #expect(throws: WritingError.self) { try AppendedLines(path: "/no/such/folder/a", keeping: 0) }
  }
}
