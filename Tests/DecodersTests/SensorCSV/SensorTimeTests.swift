import Decoders
import Foundation
import Testing

/// Expected seconds come from Foundation's calendar, not from the reader's own.
@Suite struct SensorTimeTests {
  let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private static func seconds(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0
  ) -> Double {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    return calendar.date(from: parts)!.timeIntervalSince1970
  }

  private func times(_ cells: [String], name: String = "timestamp", options: SensorOptions = .init()) throws
    -> (
      Series, SensorHeader
    )
  {
    let text = "\(name);x\n" + cells.enumerated().map { "\($1);\($0)\n" }.joined()
    let all = try SensorReader.readAll(path: folder.write("in.csv", text), options: options)
    return (all.series, all.header)
  }

  @Test(arguments: [
    ("2020-03-09 10:14:33", seconds(2020, 3, 9, 10, 14, 33)),
    ("2020-03-09T10:14:33Z", seconds(2020, 3, 9, 10, 14, 33)),
    ("2020-03-09T10:14:33.250", seconds(2020, 3, 9, 10, 14, 33) + 0.25),
    ("2020-03-09T10:14:33+02:00", seconds(2020, 3, 9, 8, 14, 33)),
    ("2020-03-09 10:14:33-0530", seconds(2020, 3, 9, 15, 44, 33)),
    ("2020-03-09T10:14:33,5+01", seconds(2020, 3, 9, 9, 14, 33) + 0.5),
    ("2020-02-29", seconds(2020, 2, 29)), ("1969-12-31 23:59:59", -1),
    ("1900-03-01 00:00", seconds(1900, 3, 1)),
    ("20200309T101433Z", seconds(2020, 3, 9, 10, 14, 33)),
    ("20200309101433", seconds(2020, 3, 9, 10, 14, 33)),
    ("2020/03/09 10:14", seconds(2020, 3, 9, 10, 14)),
    ("2020-03-09 10:14:33 UTC", seconds(2020, 3, 9, 10, 14, 33)),
    ("2020-03-09 24:00:00", seconds(2020, 3, 10)), ("25/12/2021 23:05:06", seconds(2021, 12, 25, 23, 5, 6)),
    ("25.12.2021 23:05", seconds(2021, 12, 25, 23, 5)), ("3/4/2021 1:02:03", seconds(2021, 4, 3, 1, 2, 3)),
    ("12/25/2021 11:05:06 PM", seconds(2021, 12, 25, 23, 5, 6)),
    ("12/25/21 12:05 AM", seconds(2021, 12, 25, 0, 5)),
    ("25-12-2021 23:05:06.125", seconds(2021, 12, 25, 23, 5, 6) + 0.125), ("10:14:33.5", 36873.5),
  ])
  func readsDates(written: String, expected: Double) throws {
    let (series, header) = try times([written, written])
    #expect(header.timeChannel == "timestamp")
    #expect(series.time == [expected, expected])
    #expect(series.timeText == [written, written])
  }

  @Test func dayFirstUnlessTheValuesSayOtherwise() throws {
    #expect(try times(["01/02/2021 00:00:00", "02/02/2021 00:00:00"]).1.timeFormat == "dd/mm/yyyy")
    let (series, header) = try times(["01/02/2021 00:00:00", "01/13/2021 00:00:00"])
    #expect(header.timeFormat == "mm/dd/yyyy")
    #expect(series.time == [Self.seconds(2021, 1, 2), Self.seconds(2021, 1, 13)])
  }

  @Test(arguments: [
    ("1583748873", 1_583_748_873.0), ("1583748873.5", 1_583_748_873.5), ("1583748873250", 1_583_748_873.25),
    ("1583748873250000", 1_583_748_873.25), ("1583748873250000000", 1_583_748_873.25),
  ])
  func epochs(written: String, expected: Double) throws {
    let (series, _) = try times([written, written])
    #expect(series.time == [expected, expected])
  }

  @Test(arguments: [
    "time", "Date", "TIMESTAMP", "DateTime", "cycle", "time_s", "time_min", "Seconds", "index", "Time [s]",
    "Time (ms)",
    "elapsed_time", "Zeit", "Time (seconds)",
  ])
  func namesOfPlainNumbers(name: String) throws {
    let (series, header) = try times(["3", "6", "9.5"], name: name)
    #expect(header.timeChannel != nil)
    #expect(header.channels.map(\.name) == ["x"])
    #expect(series.time == [3, 6, 9.5])
  }

  @Test(arguments: ["temperature", "T", "runtime hours total", "timer setting", "unit", "pressure"])
  func namesOfMeasurements(name: String) throws {
    let (series, header) = try times(["3", "6", "9.5"], name: name)
    #expect(header.timeChannel == nil)
    #expect(series.channels.count == 2 && series.time == nil)
  }

  @Test func dateAndClockColumns() throws {
    let path = try folder.write("in.csv", "Date,Time,x\n09/03/2020,10:14:33,1\n09/03/2020,10:14:34,2\n")
    let (series, header, _) = try SensorReader.readAll(path: path)
    #expect(header.timeChannel == "Date Time")
    #expect(series.time == [33, 34].map { Self.seconds(2020, 3, 9, 10, 14, $0) })
    #expect(series.timeText?.first == "09/03/2020 10:14:33")
    #expect(series.values == [1, 2])
  }

  @Test func datesBeatCounters() throws {
    let path = try folder.write("in.csv", "cycle,when,x\n1,2020-01-01 00:00:00,5\n2,2020-01-01 00:00:10,6\n")
    let (series, header, _) = try SensorReader.readAll(path: path)
    #expect(header.timeChannel == "when")
    #expect(series.channels.map(\.name) == ["cycle", "x"])
  }

  @Test func unreadableTimesKeepTheRow() throws {
    var cells = (0..<30).map { "2020-01-01 00:00:\($0 < 10 ? "0" : "")\($0)" }
    cells[20] = "2020-13-01 00:00:00"
    cells[21] = ""
    let text = "time,x\n" + cells.map { "\($0),1\n" }.joined()
    var reader = try SensorReader(path: folder.write("in.csv", text))
    let series = try #require(try reader.next())
    #expect(series.count == 30)
    #expect(series.time?[20].isNaN ?? false)
    #expect(series.time?[22] == Self.seconds(2020, 1, 1, 0, 0, 22))
    #expect(reader.unreadableTimes == 2)
  }

  @Test func chosenByName() throws {
    let text = "a,b,time\n1,2,3\n4,5,6\n"
    let path = try folder.write("in.csv", text)
    let named = try SensorReader.readAll(path: path, options: SensorOptions(timeColumn: .named("B")))
    #expect(named.series.time == [2, 5])
    #expect(named.series.channels.map(\.name) == ["a", "time"])
    #expect(
      try SensorReader.readAll(path: path, options: SensorOptions(timeColumn: .none)).series.time == nil)
    #expect(throws: DecodingError.self) {
      try SensorReader(path: path, options: SensorOptions(timeColumn: .named("c")))
    }
  }
}
