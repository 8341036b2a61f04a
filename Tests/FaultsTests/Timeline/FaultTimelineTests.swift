import Faults
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FaultTimelineTests {
  private func prediction(_ row: Int, fault: Float, alarm: Bool) -> FaultPrediction {
    var prediction = FaultPrediction(
      row: row, time: "t<\(row)>", alarm: alarm,
      contributions: [.init(sensor: "A & B", share: 0.9), .init(sensor: "C", share: 0.1)])
    (prediction.fault, prediction.probabilities) = (alarm ? "wear" : "normal", [1 - fault, fault])
    prediction.remaining = 100 - Double(row) / 100
    return prediction
  }

  private func timeline(_ count: Int, limit: Int = 1200, alarmAt: Set<Int> = []) -> FaultTimeline {
    var timeline = FaultTimeline(
      title: "plant <1> & \"2\"\u{1}", labels: ["normal", "wear"], descriptions: ["All is well.", nil],
      sensors: ["A & B", "C"], limit: limit)
    for row in 1...max(1, count) where count > 0 {
      timeline.add(prediction(row, fault: alarmAt.contains(row) ? 0.9 : 0.1, alarm: alarmAt.contains(row)))
    }
    return timeline
  }

  /// Counts elements and gathers text; fails where the file is no XML.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String] = [:]
    ) { elements[name, default: 0] += 1 }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func read(_ svg: String) throws -> Reader {
    let parser = XMLParser(data: Data(svg.utf8)), reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test(arguments: [0, 1, 2, 50, 5000])
  func parsesWhateverTheLength(count: Int) throws {
    let reader = try read(timeline(count, alarmAt: [2]).svg())
    #expect(reader.elements["svg"] == 1)
    #expect(reader.text.contains("plant <1> & \"2\""))
  }

  @Test func needsNothingElse() {
    let svg = timeline(50).svg()
    #expect(!svg.contains("href") && !svg.contains("url(") && !svg.contains("<script"))
    #expect(svg.components(separatedBy: "http").count == 2)  // the namespace alone
  }

  @Test func namesFaultsAlarmsAndSensors() throws {
    let text = try read(timeline(50, alarmAt: [20, 21]).svg()).text
    for part in ["wear", "A & B", "first alarm at row 20", "Remaining life", "90 %"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func mergingKeepsEveryAlarmInSight() {
    let timeline = timeline(10_000, limit: 100, alarmAt: [4_321])
    #expect(timeline.points.count <= 100)
    #expect(timeline.windows == 10_000 && timeline.alarms == 1)
    #expect(timeline.points.contains { $0.alarm && $0.row == 4_321 })
    #expect(timeline.windowsAPoint == 128)
  }
}
