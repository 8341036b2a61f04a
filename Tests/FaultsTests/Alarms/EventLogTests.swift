import Faults
import Foundation
import Testing

@Suite("The log of events") struct EventLogTests {
  private func prediction(_ row: Int, _ fault: String?, x: Double) -> FaultPrediction {
    var one = FaultPrediction(
      row: row, time: nil, alarm: fault != nil,
      contributions: [.init(sensor: "x, \"raw\"", share: x), .init(sensor: "y", share: 1 - x)])
    (one.fault, one.probability) = (fault ?? "normal", 0.9)
    one.nearest = [NearWindow(id: "train-\(row)", distance: 0.25)]
    return one
  }

  /// Events of x, x and y, each of three windows and five quiet ones.
  private func course() -> [FaultPrediction] {
    var row = 0
    return [("wear", 0.9), ("leak", 0.8), ("wear", 0.1)].flatMap { fault, x in
      (0..<8).map { place in
        row += 1
        return prediction(row, place < 3 ? fault : nil, x: x)
      }
    }
  }

  private func ended(_ log: inout EventLog, _ course: some Sequence<FaultPrediction>) -> [FaultEvent] {
    course.flatMap { log.add($0) }.compactMap { if case .ended(let event) = $0 { event } else { nil } }
  }

  @Test("The most alike of the same fault come first, then those of the same sensors") func nearest() throws {
    let past = try EventHistory.read(
      """
      {"event":7,"fault":"wear","startRow":5,"startTime":"noon","sensors":{"y":1}}

      {"event":8,"fault":"crack","startRow":6,"startTime":null,"sensors":{"y":0.5,"other":0.5},"more":1}
      """, source: "old.jsonl")
    var log = EventLog(labels: [], history: past)
    let events = ended(&log, course())
    #expect(events.count == 3)
    let last = try #require(events.last)
    #expect(last.nearestEvents.map(\.event.fault) == ["wear", "wear", "crack"])
    #expect(last.nearestEvents.map(\.event.source) == ["old.jsonl", PastEvent.here, "old.jsonl"])
    // Cosines of (0.1, 0.9) with (0, 1) and with (0.9, 0.1), and of (0, 0.9, 0.1) with (0.5, 0.5, 0).
    let size = (0.82).squareRoot()
    for (found, wanted) in zip(
      last.nearestEvents.map(\.likeness), [0.9 / size, 0.18 / 0.82, 0.9 / size * 0.5.squareRoot()])
    {
      #expect(abs(found - wanted) < 1e-9)
    }
    #expect(events[0].nearestEvents.map(\.event.number) == [7, 8])
  }

  @Test("A history that is none is refused by its line") func badHistory() {
    let error = #expect(throws: EventHistoryError.self) {
      try EventHistory.read(
        "{\"event\":7,\"fault\":\"wear\",\"startRow\":5,\"sensors\":{}}\nrow 5\n", source: "h.jsonl")
    }
    #expect(error?.description.hasPrefix("h.jsonl, line 2:") == true)
  }

  @Test("Stopped after any window and gone on with, it tells the same") func restart() throws {
    var whole = EventLog(labels: [])
    let wanted = ended(&whole, course())
    for stop in 1..<24 {
      var first = EventLog(labels: [])
      var found = ended(&first, course().prefix(stop))
      let data = try JSONEncoder().encode(first.saved)
      var second = EventLog(try JSONDecoder().decode(EventLog.Saved.self, from: data))
      found += ended(&second, course().dropFirst(stop))
      #expect(found == wanted, "stopped after \(stop)")
    }
  }

  @Test("Lines are JSON and CSV, whatever sensors are called") func lines() throws {
    var log = EventLog(labels: [])
    let event = try #require(ended(&log, course().prefix(8)).first)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(event.json.utf8)) as? [String: Any])
    #expect(object["fault"] as? String == "wear" && object["open"] as? Bool == false)
    #expect(
      object["startRow"] as? Int == 3 && object["endRow"] as? Int == 3 && object["firstSignRow"] as? Int == 1)
    #expect(object["startTime"] is NSNull && object["lead"] is NSNull)
    #expect((object["sensors"] as? [String: Double])?["x, \"raw\""] == 0.9)
    #expect(((object["nearestTraining"] as? [[String: Any]])?.first)?["id"] as? String == "train-1")
    #expect(
      object["sentence"] as? String
        == "From row 3 on wear, 90 % sure: x, \"raw\" carries 90 % of it, y 10 %. First sign at row 1. It was over after row 3."
    )
    // What it wrote it reads.
    #expect(try EventHistory.read(event.json, source: "f").first?.sensors["y"] == 0.1)
    let cells = event.csv
    #expect(cells.hasPrefix("1,wear,,false,3,,3,,1,,,,0.9,1,3,,\"x, \"\"raw\"\"=0.9;y=0.1\","))
    #expect(FaultEvent.csvHeader.split(separator: ",").count == 20)
  }
}
