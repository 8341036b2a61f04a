import Alignment
import Decoders
import Testing

@Suite struct LeakAuditTests {
  @Test func sharedInputs() {
    let rows = [
      ManifestRow(id: "a", split: .train, series: "/s", start: 1, end: 10),
      ManifestRow(id: "b", split: .test, series: "/s", start: 11, end: 20),
      ManifestRow(id: "c", split: .train, series: "/t", start: 1, end: 100),
      ManifestRow(id: "d", split: .train, series: "/t", start: 5, end: 6),
      ManifestRow(id: "e", split: .val, series: "/t", start: 90, end: 120),
      ManifestRow(id: "f", split: .train, image: "/i"),
      ManifestRow(id: "g", split: .test, image: "/i"), ManifestRow(id: "h", split: .train, image: "/j"),
      ManifestRow(id: "i", split: .train, image: "/j"),
    ]
    #expect(
      LeakAudit.sharedInputs(rows) == [
        .init(path: "/i", first: "f", second: "g"), .init(path: "/t", first: "c", second: "e"),
      ])
  }

  /// 40 windows of 8 rows: label by window, machine by four windows.
  private func audit(_ names: [String], _ value: (_ column: String, _ window: Int, _ row: Int) -> Float)
    -> [LeakAudit.ColumnExclusion]
  {
    LeakAudit.seriesColumns(
      names,
      windows: (0..<40).map { window in
        (
          values: (0..<8).flatMap { row in names.map { value($0, window, row) } }, labels: ["l\(window % 4)"],
          group: "m\(window / 4)"
        )
      })
  }

  @Test func columnsThatAreNoSensors() {
    let found = audit([
      "T", "Fault", "code", "severity", "serial no.", "machine", "p", "off", "load", "own", "mixed",
    ]) {
      switch $0 {
      case "T": Float($1 * 31 % 17 + $2)
      case "Fault": Float($1 * $2)
      case "code": Float($1 % 4)  // one value a label
      case "severity": Float($1 % 4) + ($1 < 20 ? 0.25 : 0)  // two values a label
      case "machine": Float($1 / 4)
      case "off": 5
      case "load": Float($1 / 20)  // shared by machines and labels
      case "own": Float($1)  // each window has its own
      case "mixed": $2 == 3 ? .nan : Float($1 % 4)
      default: .nan
      }
    }
    #expect(
      found.map(\.column) == ["Fault", "code", "severity", "serial no.", "machine", "p", "off", "mixed"])
    #expect(
      found.map(\.code) == [
        .reservedName, .answer, .answer, .constant, .identifier, .constant, .constant, .answer,
      ])
    #expect(found.allSatisfy { $0.reason.hasSuffix(".") })
  }

  @Test(arguments: [
    "fault", "Label", "CLASS", "target", "anomaly", "changepoint", "RUL", "split", "id", "unit",
    "Machine failure",
  ])
  func reservedNames(name: String) {
    #expect(audit(["x", name]) { _, window, row in Float(window * 8 + row) }.map(\.column) == [name])
  }

  @Test(arguments: ["XMEAS01", "temperature", "Torque [Nm]", "s11", "fluid", "classifier_speed"])
  func sensorNames(name: String) {
    #expect(audit([name]) { _, window, row in Float(window * 8 + row) }.isEmpty)
  }

  @Test(.enabled(if: SharedManifests.folder != nil, "The shared data sets are not there."))
  func tennesseeEastmanFaultColumn() throws {
    let manifest = try Manifest(path: #require(SharedManifests.folder) + "/tep/manifest.csv")
    var audits: [SeriesColumnAudit] = []
    for (path, rows) in Dictionary(grouping: manifest.rows(in: .train), by: { $0.series ?? "" }) {
      let series = try SensorReader.readAll(path: path).series
      let names = series.channels.map(\.name)
      // Once as it is called, once under a name that says nothing.
      if audits.isEmpty {
        audits = [
          SeriesColumnAudit(columns: names),
          SeriesColumnAudit(columns: names.map { $0 == "fault" ? "XMEAS99" : $0 }),
        ]
      }
      for row in rows {
        let (start, end) = (try #require(row.start), try #require(row.end))
        let values = Array(series.values[((start - 1) * names.count)..<(end * names.count)])
        for index in audits.indices {
          audits[index].add(values, labels: row.labels, group: row.group ?? path)
        }
      }
    }
    #expect(audits[0].exclusions().map(\.column) == ["fault"])
    #expect(audits[0].exclusions().map(\.code) == [.reservedName])
    #expect(audits[1].exclusions().map(\.column) == ["XMEAS99"])
    #expect(audits[1].exclusions().map(\.code) == [.answer])
  }
}
