import Decoders
import Foundation
import Testing

@Suite struct CSVRecordsTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private func records(_ text: String, separator: Character? = nil) throws -> [CSVRecord] {
    var reader = try CSVRecords(path: folder.write("t.csv", text), separator: separator)
    var all: [CSVRecord] = []
    while let record = try reader.next() { all.append(record) }
    return all
  }

  @Test func quotesNewlinesAndLineNumbers() throws {
    let all = try records(
      "id,text\r\n1,\"two\r\nlines, and \"\"quotes\"\"\"\r\n\r\n2, plain \n\"\",\"\"\n3,last")
    #expect(
      all.map(\.fields) == [
        ["id", "text"], ["1", "two\r\nlines, and \"quotes\""], ["2", " plain "], ["", ""], ["3", "last"],
      ])
    #expect(all.map(\.line) == [1, 2, 5, 6, 7])
  }

  @Test(arguments: [(";", "a;b\n1,5;2\n"), ("\t", "a\tb\n1,5\t2\n"), (",", "a,\"b;;;\"\n\"1,5\",2\n")])
  func separators(separator: String, text: String) throws {
    let all = try records(text)
    #expect(all[1].fields == ["1,5", "2"])
    #expect(try records(text, separator: separator.first) == all)
  }

  @Test(arguments: ["a,b\n1,\"open\n2,3\n", "a,b\n1,\"x\"y\n"])
  func badQuotesNameTheirLine(text: String) throws {
    let error = #expect(throws: DecodingError.self) { try records(text) }
    #expect(error?.place == .row(2, column: 2))
    #expect(error?.code == .malformed)
  }

  @Test func longFields() throws {
    let long = String(repeating: "word, \"\"and\"\"\n", count: 100_000)
    let all = try records("a,b\n1,\"\(long)\"\n2,3\n")
    #expect(all[1].fields[1] == long.replacingOccurrences(of: "\"\"", with: "\""))
    #expect(all[2] == CSVRecord(line: 100_003, fields: ["2", "3"]))
  }

  @Test func random() throws {
    var generator = Generator(state: 9)
    let table = (0..<500).map { _ in
      (0..<4).map { _ in
        String(
          (0..<Int.random(in: 1...12, using: &generator)).map { _ in
            "ab,;\"\n\r é".randomElement(using: &generator)!
          })
      }
    }
    let text = table.map { row in
      row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",")
    }.joined(separator: "\r\n")
    #expect(try records(text, separator: ",").map(\.fields) == table)
  }
}
