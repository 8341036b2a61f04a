import Alignment
import Decoders
import Encoders
import Foundation
import Testing
import Training

@Suite("Rows that a bundle keeps")
struct ReplayBufferTests {
  private let task = LabelTask(name: "state", labels: ["fine", "hot", "worn"], exclusive: true)
  private let set = ChannelSet(
    channels: [Channel(name: "a"), Channel(name: "b")],
    statistics: [
      .init(mean: 0, deviation: 1, low: -1, high: 1), .init(mean: 0, deviation: 1, low: -1, high: 1),
    ],
    rows: 4, stride: 4)

  /// `count` windows of 4 rows (32 bytes) of a label, dealt out over groups.
  private func samples(
    _ label: Int?, count: Int, groups: Int, prefix: String = "", target: Float? = nil
  ) -> [Sample] {
    (0..<count).map { index in
      Sample(
        id: "\(prefix)\(label ?? 9)-\(index)", group: "\(prefix)machine \(index % groups)",
        input: .series(.init(values: (0..<8).map { Float($0 + index) }, channels: 2, set: 0)), task: 0,
        labels: label.map { label in (0..<3).map { $0 == label ? 1 : 0 } }, target: target, texts: [],
        inputKey: "\(prefix)key \(index)")
    }
  }

  private func draw(
    _ train: [Sample], _ held: [Sample], _ change: (inout ReplaySettings) -> Void = { _ in }, seed: UInt64 = 1
  ) -> ReplayBuffer {
    var settings = ReplaySettings()
    change(&settings)
    return .draw(train: train, held: held, tasks: [task], settings: settings, areApart: true, seed: seed)
  }

  private func labels(_ rows: [ReplayBuffer.Row]) -> [Int] {
    (0..<3).map { label in rows.count { $0.sample.labels?[label] == 1 } }
  }

  @Test("Of every label as many, a quarter of them held out; rows that know nothing are not kept")
  func limits() {
    let train =
      samples(0, count: 100, groups: 5) + samples(1, count: 10, groups: 5)
      + samples(nil, count: 50, groups: 5)
    let held = samples(0, count: 40, groups: 2, prefix: "h") + samples(2, count: 3, groups: 1, prefix: "h")
    let buffer = draw(train, held)
    #expect(labels(buffer.learned) == [24, 10, 0] && labels(buffer.heldOut) == [8, 0, 3])
    #expect(buffer.learned.allSatisfy { !$0.sample.id.hasPrefix("h") } && buffer.rows.count == 45)
    #expect(draw(train, held) { $0.rows = 0 }.rows.isEmpty)
    let few = draw(train, held) { ($0.rows, $0.heldOut) = (4, 0.5) }
    #expect(labels(few.learned) == [2, 2, 0] && labels(few.heldOut) == [2, 0, 2])
  }

  @Test("Groups take turns, whichever order the rows come in; another seed draws others")
  func groups() {
    // One machine has nearly all rows.
    let train = samples(0, count: 100, groups: 1) + samples(0, count: 12, groups: 4, prefix: "other ")
    let buffer = draw(train, []) { $0.rows = 20 }
    let counts = Dictionary(grouping: buffer.learned) { $0.sample.group ?? "" }.mapValues(\.count)
    #expect(
      buffer.learned.count == 15 && counts.count == 5 && counts.values.allSatisfy { $0 == 3 }, "\(counts)")
    let ids = buffer.rows.map(\.sample.id)
    #expect(draw(train.reversed(), []) { $0.rows = 20 }.rows.map(\.sample.id) == ids)
    #expect(draw(train, [], { $0.rows = 20 }, seed: 2).rows.map(\.sample.id) != ids)
  }

  @Test("Where the room is short every label gives up alike, rows to measure on included")
  func megabytes() {
    let train = samples(0, count: 60, groups: 3) + samples(1, count: 60, groups: 3)
    let held = samples(0, count: 20, groups: 3, prefix: "h") + samples(1, count: 20, groups: 3, prefix: "h")
    // 24 windows of 32 bytes.
    let buffer = draw(train, held) { $0.megabytes = 0.000_768 }
    #expect(labels(buffer.learned) == [9, 9, 0] && labels(buffer.heldOut) == [3, 3, 0])
  }

  @Test("Written and read, rows are the same, missing readings included; a damaged file is refused")
  func storage() throws {
    let folder = try ScratchFolder(), path = folder.path + "/replay.safetensors"
    var buffer = draw(
      samples(0, count: 3, groups: 2, target: 4.5), samples(1, count: 2, groups: 1, prefix: "h"))
    for index in buffer.rows.indices where buffer.rows[index].isHeldOut {
      buffer.rows[index].answer = .init(logits: [1, -2, 0.5], value: 0.25)
    }
    buffer.rows[0].sample.input = .series(.init(values: [1, .nan, 3, 4], channels: 2, set: 0))
    let data = try buffer.encoded()
    try data.write(to: URL(filePath: path))
    let read = try ReplayBuffer(path: path, tasks: [task], sets: [set])
    #expect(read.areApart && read.rows.count == 5 && read.heldOut.count == 2)
    for (a, b) in zip(buffer.rows, read.rows) {
      #expect(a.sample.id == b.sample.id && a.sample.group == b.sample.group && a.answer == b.answer)
      #expect(a.sample.labels == b.sample.labels && a.sample.target == b.sample.target)
      guard case .series(let x) = a.sample.input, case .series(let y) = b.sample.input else {
        Issue.record("no window")
        continue
      }
      #expect(x.values.map(\.bitPattern) == y.values.map(\.bitPattern) && x.channels == y.channels)
    }
    #expect(try read.encoded() == data)
    // Of a bundle with fewer labels.
    let other = LabelTask(name: "state", labels: ["fine", "hot"], exclusive: true)
    #expect(throws: TrainingError.self) { try ReplayBuffer(path: path, tasks: [other], sets: [set]) }
    try data.dropLast(8).write(to: URL(filePath: path))
    #expect(throws: TrainingError.self) { try ReplayBuffer(path: path, tasks: [task], sets: [set]) }
  }

  @Test("Limits that nothing can be kept by are named") func problems() {
    var recipe = Recipe()
    #expect(recipe.problems.isEmpty)
    (recipe.replay.rows, recipe.replay.heldOut, recipe.replay.megabytes, recipe.elasticity) = (-1, 1, 0, -1)
    for key in ["replay.rows", "replay.heldOut", "replay.megabytes", "elasticity"] {
      #expect(recipe.problems.contains { $0.hasPrefix(key) }, "\(key)")
    }
  }
}
