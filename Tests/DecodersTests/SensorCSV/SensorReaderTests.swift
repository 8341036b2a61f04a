import Decoders
import Foundation
import Testing

@Suite struct SensorReaderTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private func read(_ text: String, _ options: SensorOptions = .init()) throws -> (
    series: Series, header: SensorHeader, refused: RefusedRows
  ) {
    try SensorReader.readAll(path: folder.write("in.csv", text), options: options)
  }

  @Test(arguments: [",", ";", "\t", "|"], ["\n", "\r\n"])
  func separatorsAndLineEnds(separator: String, end: String) throws {
    let rows = [["time", "p", "q"], ["1", "-2.5", "3e2"], ["2", "+0.125", ""], ["3", ".5", "7."]]
    let text = rows.map { $0.joined(separator: separator) }.joined(separator: end)
    for closing in ["", end] {
      let (series, header, refused) = try read(text + closing)
      #expect(header.separator == Character(separator))
      #expect(header.channels.map(\.name) == ["p", "q"])
      #expect(header.timeChannel == "time")
      #expect(series.time == [1, 2, 3])
      #expect(series.rows == [1, 2, 3])
      #expect(series.values[0] == -2.5 && series.values[1] == 300 && series.values[2] == 0.125)
      #expect(series.values[3].isNaN && series.values[4] == 0.5 && series.values[5] == 7)
      #expect(refused.count == 0)
    }
  }

  @Test func decimalComma() throws {
    let (series, header, refused) = try read("Zeit;Druck [bar];n\n1;1,25;3\n2;-0,5;4\n3;1.5;5\n")
    #expect(header.decimal == "," && header.separator == ";")
    #expect(series.values == [1.25, 3, -0.5, 4])
    // A point among commas may be a mark of thousands; it is not guessed.
    #expect(refused.count == 1)
    #expect(refused.examples.first?.place == .row(3, column: 2))
  }

  @Test func singleColumnOfDecimalCommas() throws {
    let (series, header, _) = try read("value\n" + String(repeating: "1,5\n-0,25\n", count: 300))
    #expect(header.decimal == "," && header.channels.map(\.name) == ["value"])
    #expect(Array(series.values[..<4]) == [1.5, -0.25, 1.5, -0.25])
  }

  @Test func quotedDecimalComma() throws {
    let (series, header, _) = try read("a,b\n\"1,5\",2\n\"2,5\",3\n")
    #expect(header.separator == "," && header.decimal == ",")
    #expect(series.values == [1.5, 2, 2.5, 3])
  }

  @Test(arguments: ["", "NaN", "nan", "NA", "na", "-", "null", "NULL", "  ", "\"\""])
  func missingValues(written: String) throws {
    let (series, _, refused) = try read("a,b\n1,2\n3,\(written)\n\(written),4\n")
    #expect(series.count == 3)
    #expect(series.values[3].isNaN && series.values[4].isNaN && series.values[5] == 4)
    #expect(refused.count == 0)
  }

  @Test(
    arguments: [
      ("Temp [°C]", "Temp", "°C"), ("Temp (°C)", "Temp", "°C"), ("Temp", "Temp", nil),
      ("Flow [m³/h] ", "Flow", "m³/h"),
      ("Speed(rpm)", "Speed", "rpm"),
    ] as [(String, String, String?)])
  func unitsInNames(written: String, name: String, unit: String?) throws {
    let header = try read("\(written),b\n1,2\n").header
    #expect(header.channels[0] == Channel(name: name, unit: unit))
  }

  @Test func unitsRow() throws {
    let (series, header, refused) = try read("time;T;p;n\ns;°C;[bar];-\n0;20,5;1,0;7\n1;21,5;1,1;8\n")
    #expect(header.hasUnitsRow)
    #expect(header.channels.map(\.unit) == ["°C", "bar", nil])
    #expect(series.rows == [1, 2])
    #expect(series.values == [20.5, 1, 7, 21.5, 1.1, 8])
    #expect(refused.count == 0)
  }

  @Test func withoutHeader() throws {
    let (series, header, _) = try read("1,2\n3,4\n")
    #expect(!header.hasHeader)
    #expect(header.channels.map(\.name) == ["column 1", "column 2"])
    #expect(header.timeChannel == nil && series.time == nil && series.timeText == nil)
    #expect(series.values == [1, 2, 3, 4])
  }

  @Test func firstRowWithOneBadCellIsNoHeader() throws {
    let (series, header, refused) = try read("1,x,3\n4,5,6\n7,8,9\n")
    #expect(!header.hasHeader)
    #expect(series.rows == [2, 3])
    #expect(refused.examples.first?.place == .row(1, column: 2))
  }

  @Test func unreadableRowsAreCountedAndNamed() throws {
    let (series, _, refused) = try read("a,b\n1,2\n3\n4,5,6\n7,oops\n\n8,9\ninf,1\n1e39,1\n10,11\n")
    #expect(series.rows == [1, 5, 8])
    #expect(series.values == [1, 2, 8, 9, 10, 11])
    #expect(refused.count == 5)
    #expect(
      refused.examples.map(\.place) == [
        .row(2), .row(3), .row(4, column: 2), .row(6, column: 1), .row(7, column: 1),
      ])
    #expect(refused.examples[0].reason.contains("1 fields instead of 2"))
    #expect(refused.examples[1].reason.contains("3 fields instead of 2"))
    #expect(refused.examples[2].reason.contains("oops") && refused.examples[2].reason.contains("b"))
  }

  @Test func examplesAreLimitedButAllRowsCount() throws {
    let (_, _, refused) = try read("a,b\n" + String(repeating: "1,2\n3\n", count: 500))
    #expect(refused.count == 500)
    #expect(refused.examples.count == SensorOptions().maximumExamples)
  }

  @Test func quotedFields() throws {
    let text = "\"a, first\",\"note\",b\r\n\"1\",\"line one\r\nline \"\"two\"\", three\",2\r\n3,x,\"4\"\r\n"
    let (series, header, refused) = try read(text)
    #expect(header.channels.map(\.name) == ["a, first", "b"])
    #expect(header.textColumns == ["note"])
    #expect(series.values == [1, 2, 3, 4])
    #expect(series.rows == [1, 2])
    #expect(refused.count == 0)
  }

  @Test func quoteNeverClosedCostsOneRow() throws {
    let (series, _, refused) = try read("a,b\n1,2\n3,\"4\n5,6\n7,8\n")
    #expect(series.values == [1, 2, 5, 6, 7, 8])
    #expect(series.rows == [1, 3, 4])
    #expect(refused.examples.map(\.place) == [.row(2, column: 2)])
  }

  @Test func quoteNeverClosedInALongFileCostsOneRow() throws {
    let rest = (4...40_000).map { "\($0),1\n" }.joined()
    let (series, _, refused) = try read("a,b\n1,2\n2,\"4\n3,6\n" + rest)
    #expect(series.count == 39_999)
    #expect(series.rows.last == 40_000)
    #expect(refused.count == 1)
  }

  @Test func byteOrderMarkAndWindowsLetters() throws {
    let marked = try SensorReader.readAll(
      path: folder.write("a.csv", [0xEF, 0xBB, 0xBF] + Array("a,b\n1,2\n".utf8)))
    #expect(marked.header.channels.map(\.name) == ["a", "b"])
    let windows = Array("T [".utf8) + [0xB0] + Array("C],b\n1,2\n".utf8)
    let old = try SensorReader.readAll(path: folder.write("b.csv", windows))
    #expect(old.header.channels[0] == Channel(name: "T", unit: "°C"))
  }

  @Test func textColumnsAreListed() throws {
    let (series, header, refused) = try read("time,state,x\n1,ON,2\n2,OFF,3\n3,ON,4\n")
    #expect(header.textColumns == ["state"])
    #expect(series.channels.map(\.name) == ["x"])
    #expect(series.values == [2, 3, 4])
    #expect(refused.count == 0)
  }

  @Test func trailingSeparators() throws {
    for text in ["a;b;\n1;2;\n3;4;\n", "a;b\n1;2;\n3;4;\n"] {
      let (series, header, refused) = try read(text)
      #expect(header.channels.map(\.name) == ["a", "b"])
      #expect(series.values == [1, 2, 3, 4])
      #expect(refused.count == 0)
    }
  }

  @Test func preambleAndExcelSeparator() throws {
    let first = try read("Logger X17\nSite: north\ntime;a;b\n1;2;3\n2;3;4\n")
    #expect(first.header.preamble == ["Logger X17", "Site: north"])
    #expect(first.series.values == [2, 3, 3, 4])
    let second = try read("sep=;\na;b\n1;2\n")
    #expect(second.header.channels.map(\.name) == ["a", "b"])
  }

  @Test func repeatedHeadersAreNoRows() throws {
    let (series, _, refused) = try read("a,b\n1,2\na,b\n3,4\nb,a\n6,5\n")
    #expect(series.rows == [1, 2, 3])
    #expect(series.values == [1, 2, 3, 4, 5, 6])
    #expect(refused.count == 0)
  }

  @Test func equalNamesStayApart() throws {
    let header = try read("T [°C],T [K],x,x,\n1,2,3,4,5\n").header
    #expect(header.channels.map(\.name) == ["T [°C]", "T [K]", "x", "x (2)", "column 5"])
    #expect(header.channels.map(\.unit) == ["°C", "K", nil, nil, nil])
  }

  @Test func channelsInTheOrderAskedFor() throws {
    let (series, header, _) = try read(
      "B [bar],time,extra,a\n1,10,9,2\n3,20,9,4\n", SensorOptions(channels: ["a", "b"]))
    #expect(series.channels.map(\.name) == ["a", "b"])
    #expect(series.values == [2, 1, 4, 3])
    #expect(header.otherColumns == ["extra"])
    let error = #expect(throws: DecodingError.self) {
      try read("a,c\n1,2\n", SensorOptions(channels: ["a", "b", "d"]))
    }
    #expect(error?.code == .malformed)
    #expect(error?.reason.contains("b, d") ?? false)
  }

  @Test(arguments: [
    ("a.txt", "It was a dark night.\nThe rain, it fell, in torrents.\n", DecodingError.Code.malformed),
    ("b.csv", "name,place\nAnna,Ulm\nBert,Bonn\n", .malformed), ("c.csv", "", .malformed),
    ("d.csv", "\n \r\n", .malformed),
    ("e.csv", "a,b\n", .malformed), ("f.csv", "a\0b\n1,2\n", .unknownFormat),
    ("g.csv", "1 2 3\n4 5 6\n", .malformed),
    ("h.csv", "{\"a\": [1, 2],\n \"b\": 3}\n", .malformed), ("i.csv", "1,2\r3,4\r", .unsupported),
  ])
  func refusesWhatIsNoRecording(name: String, text: String, code: DecodingError.Code) throws {
    let path = try folder.write(name, text)
    let error = #expect(throws: DecodingError.self) { try SensorReader(path: path) }
    #expect(error?.code == code)
    #expect(error?.file == path)
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func refusesMissingFilesFoldersAndUTF16() throws {
    #expect(throws: DecodingError.self) { try SensorReader(path: folder.path + "/none.csv") }
    #expect(throws: DecodingError.self) { try SensorReader(path: folder.path) }
    let wide = Array("a,b\n1,2\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let path = try folder.write("wide.csv", [0xFF, 0xFE] + wide)
    #expect(throws: DecodingError.self) { try SensorReader(path: path) }
  }

  @Test(arguments: [1, 7, 4096])
  func pullsInAnyPortion(portion: Int) throws {
    let text = "time,a\n" + (1...10_000).map { "\($0),\(Double($0) / 8)\n" }.joined()
    var reader = try SensorReader(path: folder.write("in.csv", text))
    var rows: [Int] = [], values: [Float] = []
    while let series = try reader.next(portion) {
      #expect(series.count <= portion && series.count > 0)
      rows += series.rows
      values += series.values
    }
    #expect(rows == Array(1...10_000))
    #expect(values == (1...10_000).map { Float($0) / 8 })
    #expect(try reader.next() == nil)
  }

  @Test func wideRows() throws {
    let count = 40_000
    let header = (0..<count).map { "sensor_\($0)" }.joined(separator: ",")
    let row = (0..<count).map { "\($0).5" }.joined(separator: ",")
    let (series, _, _) = try read(header + "\n" + row + "\n" + row + "\n")
    #expect(series.count == 2)
    #expect(series.values[count - 1] == Float(count) - 0.5)
  }

  @Test func overlongRowIsRefusedAlone() throws {
    var options = SensorOptions()
    options.maximumRowBytes = 1 << 18
    let rows = (1...5000).map { "\($0),2\n" }.joined()
    let long = String(repeating: "9", count: 1 << 20) + "\n"
    let (series, _, refused) = try read("a,b\n" + rows + rows + rows + rows + long + "7,8\n", options)
    #expect(series.count == 20_001)
    #expect(series.rows.last == 20_002)
    #expect(refused.examples.map(\.code) == [.tooLarge])
  }

  @Test func cancellation() async throws {
    let path = try folder.write("in.csv", "a,b\n" + String(repeating: "1,2\n", count: 500_000))
    let task = Task { () -> DecodingError.Code? in
      while !Task.isCancelled { await Task.yield() }
      do throws(DecodingError) {
        var reader = try SensorReader(path: path)
        while try reader.next() != nil {}
        return nil
      } catch {
        return error.code
      }
    }
    task.cancel()
    #expect(await task.value == .cancelled)
  }
}
