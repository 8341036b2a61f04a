import Alignment
import Encoders
import Foundation
import Testing
import Training

@Suite("Audit of the splits")
struct SplitAuditTests {
  private func picture(_ seed: Int, shift: Int = 0) -> Picture {
    var state = UInt64(seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    var noise: [Int] = []
    for _ in 0..<64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      noise.append(Int(state >> 57))
    }
    return Picture(
      side: 32, channels: 1,
      pixels: (0..<1024).map { place in
        UInt8(min(255, 60 + noise[place / 32 / 4 * 8 + place % 32 / 4] + shift + (place * 37 % 5)))
      })
  }

  private func sample(_ id: String, _ input: SampleInput, group: String? = nil) -> Sample {
    Sample(id: id, group: group, input: input, task: 0, labels: nil, target: nil, texts: [], inputKey: id)
  }

  private func data(_ train: [Sample], _ validation: [Sample], _ test: [Sample]) -> Dataset {
    Dataset(
      tasks: [LabelTask(name: "t", labels: [], exclusive: true)], kinds: [[.image]], descriptions: [[]],
      channelSets: [], train: train, validation: validation, test: test)
  }

  private func rows(_ data: Dataset) -> [ManifestRow] {
    // Splits of the manifest do not count: rows may have been held out since.
    (data.train + data.validation + data.test).map {
      ManifestRow(id: $0.id, group: $0.group, image: "/\($0.id)")
    }
  }

  @Test("A picture of an earlier split is found in a later one, and in a clip; others are not accused")
  func pictures() throws {
    let data = data(
      (0..<30).map { sample("t\($0)", .image(picture($0))) },
      (100..<110).map { sample("v\($0)", .image(picture($0))) } + [
        sample("copy", .image(picture(4, shift: 20)))
      ],
      [
        sample("cine", .clip([picture(200), picture(105), picture(201)])),
        sample("own", .image(picture(300))), sample("same", .image(picture(300))),
      ])
    let audit = try SplitAudit(rows(data), data, on: ReplicaTeam(2))
    #expect(audit.seen(in: .val) == ["copy"] && audit.seen(in: .test) == ["cine"])
    let copy = try #require(audit.findings.first { $0.id == "copy" })
    #expect(
      copy.kind == .picture && copy.twin == "t4" && copy.twinSplit == .train && copy.likeness ?? 0 > 0.99)
    #expect(audit.findings.first { $0.id == "cine" }?.twin == "v105")
    let record = audit.record
    #expect(record.seen == ["val": 1, "test": 1] && record.pictures == 46 && record.counts.count == 2)
    #expect(record.rows == ["train": 30, "val": 11, "test": 3])
  }

  @Test("Windows with the same readings are found in whatever file; standing still is no evidence")
  func readings() throws {
    func window(_ values: [Float]) -> SampleInput {
      .series(SeriesWindow(values: values, channels: 2, set: 0))
    }
    let moving = (0..<20).map { Float($0 * $0 % 7) }, still = [Float](repeating: 3, count: 20)
    var missing = moving
    missing[4] = .nan
    let data = data(
      [sample("a", window(moving)), sample("b", window(still)), sample("c", window(missing))],
      [sample("d", window(still)), sample("e", window(missing))],
      [sample("f", window(moving)), sample("g", window(moving.reversed()))])
    let audit = try SplitAudit(rows(data), data, on: ReplicaTeam(1))
    #expect(audit.findings.map(\.id).sorted() == ["e", "f"])
    #expect(audit.findings.allSatisfy { $0.kind == .sameReadings && $0.twinSplit == .train })
  }

  @Test("Groups count where the manifest has them in two splits, and only for the later row")
  func groups() throws {
    let data = data(
      [sample("a", .image(picture(1)), group: "p"), sample("b", .image(picture(2)), group: "q")],
      [sample("c", .image(picture(3)), group: "r"), sample("d", .image(picture(4)), group: "q")],
      [sample("e", .image(picture(5)), group: "p"), sample("f", .image(picture(6)), group: "r")])
    let audit = try SplitAudit(rows(data), data, leakedGroups: ["p", "r"], on: ReplicaTeam(1))
    #expect(audit.seen(in: .val) == [] && audit.seen(in: .test) == ["e", "f"])
    #expect(audit.findings.first { $0.id == "f" }?.twinSplit == .val)
  }

  @Test("Every row that overlaps is named, beside one that it overlaps with")
  func overlaps() {
    func window(_ id: String, _ split: Split, _ start: Int, _ end: Int?) -> ManifestRow {
      ManifestRow(id: id, split: split, series: "/s", start: start, end: end)
    }
    let rows = [
      window("a", .train, 1, 10), window("b", .train, 5, 40), window("c", .train, 12, 20),
      window("d", .val, 39, 60), window("e", .val, 41, 50), window("f", .test, 1, 4),
      window("g", .test, 55, 70), window("h", .test, 61, nil), window("i", .test, 10, 11),
    ]
    let found = LeakAudit.sharedInputs(rows)
    #expect(found.map(\.second) == ["d", "f", "g", "i"])
    #expect(found.map(\.first) == ["b", "a", "d", "b"])
  }
}
