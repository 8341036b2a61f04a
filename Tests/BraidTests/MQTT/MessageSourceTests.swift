import Decoders
import Foundation
import Testing

/// Against a real broker; skipped where Mosquitto is not installed (`apt-get install mosquitto`).
@Suite(.enabled(if: Broker.isInstalled, "mosquitto is not installed"), .serialized) struct MessageSourceTests
{
  let folder: Scratch
  let broker: Broker
  let place: String

  init() throws {
    folder = try Scratch()
    broker = try Broker(folder: folder.path)
    place = folder.path + "/place"
  }

  private func address(_ topic: String) throws -> BrokerAddress {
    try BrokerAddress("mqtt://127.0.0.1:\(broker.port)/\(topic)")
  }

  private func publish(_ topic: String, _ payloads: [String]) throws {
    let writer = try TopicWriter(address(topic), broker: BrokerOptions(client: "writer-\(UUID().uuidString)"))
    try writer.write(payloads)
  }

  private func source(
    _ topic: String, expected: [String] = ["x", "y"], columns: [String]? = nil, every: Double? = nil,
    client: String = "reader", place: String? = nil
  ) throws -> MessageSource {
    var options = MessageOptions()
    (options.expected, options.columns, options.every) = (expected.isEmpty ? [] : [expected], columns, every)
    options.patience = .seconds(1)
    return try MessageSource(
      address(topic), broker: BrokerOptions(client: client), options: options, placeFile: place)
  }

  /// Subscribes, so that the broker keeps what is published from now on.
  private func subscribe(_ topic: String, client: String = "reader") throws {
    let writer = Thread { [self] in
      usleep(300_000)
      try? publish(topic.replacing("/#", with: ""), ["{\"x\":0,\"y\":0,\"seq\":-2}"])
    }
    writer.start()
    var first = try source(topic, client: client, place: "\(folder.path)/other-\(client)")
    _ = try first.next(1)
    try first.savePlace(attachment: nil)
  }

  /// Rows until there are `count`.
  private func rows(_ source: inout MessageSource, _ count: Int) throws -> (
    values: [Float], time: [String], rows: [Int]
  ) {
    var found: (values: [Float], time: [String], rows: [Int]) = ([], [], [])
    while found.rows.count < count {
      let series = try source.next(64)
      found.values += series.values
      found.time += series.timeText ?? []
      found.rows += series.rows
      try source.savePlace(attachment: nil)
    }
    return found
  }

  @Test func objectsArraysAndNestedNamesBecomeRows() throws {
    try subscribe("plant/m1")
    try publish(
      "plant/m1",
      [
        #"{"ts": "2024-01-01T00:00:00Z", "x": 1, "y": -2.5e0}"#,
        #"[{"ts": "2024-01-01T00:00:01Z", "Y": 4, "X": "3"}, {"ts":"2024-01-01T00:00:02Z","x":null,"y":true}]"#,
        #"{"timestamp": "2024-01-01T00:00:03Z", "other": {"a": [1, 2]}, "x": 5, "y": 6, "state": "on"}"#,
      ])
    var reader = try source("plant/m1")
    #expect(reader.header.channels.map(\.name) == ["x", "y"])
    let found = try rows(&reader, 4)
    #expect(found.values.map { $0.isNaN ? -1 : $0 } == [1, -2.5, 3, 4, -1, 1, 5, 6])
    #expect(found.rows == [1, 2, 3, 4])
    #expect(found.time[1] == "2024-01-01T00:00:01Z")
    #expect(reader.refusedRows.count == 0)
  }

  @Test func linesTakeTheirHeaderFromAboveOrFromTheUser() throws {
    try subscribe("csv")
    try publish("csv", ["time;y;x\n1;2,5;3\n2;4;5\n", "3;6;7"])
    var reader = try source("csv")
    let found = try rows(&reader, 3)
    #expect(found.values == [3, 2.5, 5, 4, 7, 6] && found.time == ["1", "2", "3"])
    try subscribe("bare", client: "second")
    try publish("bare", ["1,2,3"])
    var second = try source("bare", columns: ["time", "x", "y"], client: "second")
    #expect(try rows(&second, 1).values == [2, 3])
  }

  @Test func badPayloadsAreNamedAndTheRestIsRead() throws {
    try subscribe("m")
    try publish(
      "m",
      [
        #"{"time":1,"x":1,"y":1}"#, #"{"time":2,"x":}"#, #"{"time":3,"x":"oops","y":1}"#, "4;5;6", #"{"x":1"#,
        #"{"time":6,"x":2,"y":2}"#,
      ])
    var reader = try source("m")
    #expect(try rows(&reader, 2).values == [1, 1, 2, 2])
    #expect(reader.refusedRows.count == 4)
    let places = reader.refusedRows.examples.map(\.place)
    #expect(places == [.byte(14), .byte(14), .byte(0), .byte(6)])
    #expect(reader.refusedRows.examples.allSatisfy { $0.file.hasSuffix("/m") })
    #expect(reader.refusedRows.examples[1].reason.contains("oops"))
  }

  @Test func topicsOfSensorsBecomeRowsByTheirTimes() throws {
    try subscribe("p/#")
    for (topic, payload) in [
      ("p/x", #"{"value":1,"time":10}"#), ("p/y", #"{"value":2,"time":10}"#),
      ("p/x", #"{"value":3,"time":11}"#), ("p/x", #"{"value":5,"time":12}"#),
      ("p/y", #"{"value":9,"time":11}"#), ("p/y", #"{"value":6,"time":12}"#),
    ] { try publish(topic, [payload]) }
    var reader = try source("p/#")
    // At 11 y is the value of 10: its own came after the row.
    let found = try rows(&reader, 3)
    #expect(found.values == [1, 2, 3, 2, 5, 6] && found.time == ["10", "11", "12"])
    #expect(reader.notes.contains { $0.contains("later") })
  }

  @Test func topicsOfNumbersBecomeRowsWhenAllHaveTold() throws {
    try subscribe("p/#")
    for (topic, value) in [("x", 1), ("y", 2), ("x", 3), ("x", 4), ("y", 5), ("z", 6)] {
      try publish("p/\(topic)", ["\(value)"])
    }
    var reader = try source("p/#")
    #expect(try rows(&reader, 3).values == [1, 2, 3, 2, 4, 5])
  }

  @Test func aPeriodHoldsTheLatestValues() throws {
    try subscribe("p/#")
    for (time, x) in [(10, 1), (10.4, 2), (10.9, 3), (13.2, 4), (14, 5)] {
      try publish("p/x", ["{\"value\":\(x),\"time\":\(time)}"])
    }
    try publish("p/y", [#"{"value":7,"time":15}"#])
    var reader = try source("p/#", every: 1)
    let found = try rows(&reader, 3)
    #expect(found.values.map { $0.isNaN ? -1 : $0 } == [3, -1, 4, -1, 5, -1])
  }

  /// What was handed out without its place being saved comes again; what was saved does not.
  @Test func onlySavedRowsAreAcknowledged() throws {
    try subscribe("m")
    let text = (1...10).map { "{\"time\":\($0),\"x\":\($0),\"y\":0}" }
    try publish("m", Array(text[..<5]))
    do {
      var reader = try source("m", place: place)
      var seen = 0
      while seen < 5 { seen += try reader.next(64).count }
    }
    do {
      var again = try source("m", place: place)
      #expect(try rows(&again, 5).time == ["1", "2", "3", "4", "5"])
      try again.savePlace(attachment: Data("mine".utf8))
    }
    try publish("m", Array(text[5...]))
    var third = try source("m", place: place)
    #expect(third.restoredAttachment == Data("mine".utf8))
    let found = try rows(&third, 5)
    #expect(found.time == ["6", "7", "8", "9", "10"] && found.rows == [6, 7, 8, 9, 10])
  }

  /// The place is on disk, but the broker was gone before it heard of it, and sends all again. Numbers alone have
  /// nothing to be known by but their packets.
  @Test(arguments: [true, false]) func whatComesTwiceMakesRowsOnce(withTime: Bool) throws {
    try subscribe("m")
    let text = (1...11).map { withTime ? "{\"time\":\($0),\"x\":1,\"y\":0}" : "{\"x\":1,\"y\":0}" }
    try publish("m", Array(text[..<5]))
    do {
      var reader = try source("m", place: place)
      _ = try rows(&reader, 5)
      try publish("m", Array(text[5..<8]))
      var seen = 0
      while seen < 3 { seen += try reader.next(64).count }
      broker.stop()
      try reader.savePlace(attachment: nil)
      try broker.start()
    }
    try publish("m", Array(text[8...]))
    var again = try source("m", place: place)
    #expect(try rows(&again, 3).rows == [9, 10, 11])
    #expect(again.repeated == 3)
  }

  @Test func aBrokerThatRestartsLosesNothing() throws {
    try subscribe("m")
    let broker = broker
    try publish("m", (1...30).map { "{\"time\":\($0),\"x\":\($0),\"y\":0}" })
    var reader = try source("m", place: place)
    var found = try rows(&reader, 30).time
    broker.stop()
    let again = Thread { [self] in
      usleep(1_200_000)
      try? broker.start()
      try? publish("m", (31...60).map { "{\"time\":\($0),\"x\":\($0),\"y\":0}" })
    }
    again.start()
    found += try rows(&reader, 30).time
    #expect(found == (1...60).map(String.init))
  }
}
