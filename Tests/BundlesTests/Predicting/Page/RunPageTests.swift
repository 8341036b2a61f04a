import Bundles
import Faults
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("The page of a run") struct RunPageTests {
  /// Counts elements and gathers text; fails where the page is no XML.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var ids: [String] = []
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String] = [:]
    ) {
      elements[name, default: 0] += 1
      if let id = attributes["id"] { ids.append(id) }
    }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func read(_ page: String) throws -> Reader {
    let parser = XMLParser(data: Data(page.utf8)), reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    return reader
  }

  private func prediction(_ row: Int, sensors: [String], fault: String, _ isFaulty: Bool) -> FaultPrediction {
    var one = FaultPrediction(
      row: row, time: "t<\(row)>", alarm: isFaulty,
      contributions: sensors.enumerated().map {
        .init(sensor: $1, share: $0 == 1 ? 0.9 : 0.1 / Double(sensors.count))
      })
    (one.fault, one.description) = (isFaulty ? fault : "normal", isFaulty ? fault : nil)
    one.probabilities = isFaulty ? [0.1, 0.9] : [0.95, 0.05]
    one.probability = isFaulty ? 0.9 : 0.95
    one.levels = sensors.indices.map { _ in .init(low: Float(row) - 1, mean: Float(row), high: Float(row) + 1)
    }
    one.nearest = [.init(id: fault, distance: 0.1)]
    one.remaining = 5000 - Double(row)
    return one
  }

  private func page(
    _ count: Int, sensors: [String] = ["x", "y", "z"], fault: String = "wear", title: String = "plant",
    faulty: Range<Int> = 30..<50, dropped: Int = 0, past: [PastEvent] = []
  ) -> String {
    var timeline = FaultTimeline(
      title: title, labels: ["normal", fault], descriptions: [nil, fault], sensors: sensors)
    var log = EventLog(labels: ["normal", fault], history: past), events: [FaultEvent] = []
    for place in 0..<count {
      let one = prediction(20 * (place + 1), sensors: sensors, fault: fault, faulty.contains(place))
      timeline.add(one)
      for case .ended(let event) in log.add(one) { events.append(event) }
    }
    return RunPage(
      timeline: timeline, events: events + log.open, droppedEvents: dropped, rule: .usual,
      facts: .init(
        rows: 60, stride: 20, lastRow: 20 * count, windows: count, alarms: timeline.alarms, notes: [title]),
      source: .init(name: title, sha256: "0123456789abcdef0", units: ["y": fault], remarks: [fault])
    ).html
  }

  @Test("It is well-formed whatever the length, and needs nothing else", arguments: [0, 1, 2, 60, 5000])
  func stands(count: Int) throws {
    let page = page(count), reader = try read(page)
    #expect(!page.contains("<script") && !page.contains("src=") && !page.contains("url("))
    let links = page.components(separatedBy: "http").dropFirst()
    #expect(links.allSatisfy { $0.hasPrefix("://www.w3.org/") })
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
    #expect(Set(reader.ids).count == reader.ids.count && reader.ids.contains("events"))
    #expect(reader.text.contains("An event begins when 3 of 5 windows alarm"))
  }

  @Test("Its size does not grow with the recording") func bounded() {
    #expect(page(40_000).utf8.count < 2 * page(1_000).utf8.count)
  }

  @Test("It tells events, sensors and what is near, the sensor that matters first") func content() throws {
    let past = [
      PastEvent(
        source: "old.jsonl", number: 4, fault: "wear", start: .init(row: 7, time: "noon"), sensors: ["y": 1])
    ]
    let reader = try read(page(60, dropped: 3, past: past))
    for part in [
      "4 events; none goes on", "From t<660> (row 660) on wear, 90 % sure: y carries 90 % of it", "y",
      "0 to 100 %",
      "event 4 in old.jsonl: wear, noon, 100 % alike", "3 earlier events left out", "training window",
      "Remaining life",
      "over after t<1000>", "20 windows alarm with it",
    ] {
      #expect(reader.text.contains(part), "\(part)")
    }
    let order = ["y", "x", "z"].map { name in reader.text.range(of: "\n\(name) ")?.lowerBound }
    #expect(order.allSatisfy { $0 != nil } && order[0]! < order[1]! && order[1]! < order[2]!)
    #expect(try read(page(45)).text.contains("wear goes on"))
    #expect(try read(page(20)).text.contains("No event: no window alarms."))
    #expect(try read(page(60, faulty: 30..<32)).text.contains("2 windows of 60 alarm, but never 3 of 5"))
  }

  @Test("Of many sensors the first stand open, the rest behind a click") func many() throws {
    let reader = try read(page(60, sensors: (0..<52).map { "s\($0)" }))
    #expect(reader.elements["details"] == 1 && reader.text.contains("44 more sensors"))
  }

  @Test("Whatever users write is text on the page") func hostile() throws {
    let hostile = #"</title><script>alert("x")</script> & 'q' <b onclick="y">"# + "\u{1}"
    let past = [
      PastEvent(source: hostile, number: 1, fault: hostile, start: .init(row: 1, time: hostile), sensors: [:])
    ]
    let page = page(60, sensors: ["x", hostile, "z"], fault: hostile, title: hostile, past: past)
    let reader = try read(page)
    #expect(reader.elements["script"] == nil && reader.elements["b"] ?? 0 < 20)
    #expect(!page.contains("<script") && !page.contains("onclick=\"") && !page.contains("\u{1}"))
    #expect(reader.text.components(separatedBy: "alert(\"x\")").count > 8)
  }

  @Test("What cannot be drawn is left out") func odd() throws {
    var timeline = FaultTimeline(title: "", labels: [], descriptions: [], sensors: ["x"])
    for row in 1...3 {
      var one = FaultPrediction(row: row, time: nil, contributions: [.init(sensor: "x", share: .nan)])
      one.levels = [.none]
      timeline.add(one)
    }
    let reader = try read(
      RunPage(
        timeline: timeline, events: [], rule: .usual,
        facts: .init(rows: 1, stride: 1, lastRow: 3, windows: 3, alarms: 0), source: .init(name: "n")
      ).html)
    #expect(!reader.text.contains("nan") && !reader.text.contains("Probability of a fault"))
  }
}
