import Alignment
import Decoders
import Encoders
import Foundation
import Testing
import Training

@Suite("Manifests to data sets")
struct DatasetTests {
  private let vision = VisionConfiguration(
    channels: 1, side: 16, stem: .patches(size: 4), width: 16, depth: 1, frames: 2)
  private let series = SeriesConfiguration(sets: [], points: 4, bands: 2, width: 16, hidden: 16)

  /// Eight pictures and four recordings of 40 rows, each with two windows.
  private func manifest() throws -> (folder: ScratchFolder, manifest: Manifest) {
    let folder = try ScratchFolder()
    var lines = ["id,split,group,label,image,series,start,end,target"]
    for index in 0..<8 {
      let level = UInt8(index % 2 == 0 ? 40 : 200)
      let raster = Raster(shape: [16, 16], samples: .uint8((0..<256).map { level + UInt8($0 % 16) }))
      try Data(try PNGEncoder.encode(raster)).write(to: URL(fileURLWithPath: folder.path + "/\(index).png"))
      lines.append(
        "p\(index),\(index < 6 ? "train" : "test"),patient\(index),\(index % 2 == 0 ? "normal" : "bright"),\(index).png,,,,"
      )
    }
    for index in 0..<4 {
      let isFaulty = index % 2 == 1
      let rows = (1...40).map {
        "\(index * 100 + $0),\(isFaulty ? 5 + $0 % 3 : $0 % 4),7,\(isFaulty ? 1 : 0)"
      }
      try folder.write(
        (["temperature,pressure,bias,fault"] + rows).joined(separator: "\n") + "\n", to: "r\(index).csv")
      for (part, start) in [1, 21].enumerated() {
        lines.append(
          "s\(index)\(part),\(index < 3 ? "train" : "test"),machine\(index),\(isFaulty ? "leak" : "normal"),,r\(index).csv,"
            + "\(start),\(start + 19),\(index * 10 + part)")
      }
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "manifest.csv")
    try folder.write(
      "label,text\nnormal,nothing is wrong\nleak,oil is lost\nleak,a seal leaks\n", to: "labels.csv")
    return (folder, try Manifest(path: folder.path + "/manifest.csv"))
  }

  @Test("Pictures and windows with their tasks, labels, descriptions and numbers")
  func build() throws {
    let (folder, manifest) = try manifest()
    defer { withExtendedLifetime(folder) {} }
    let result = try DatasetBuilder(manifest: manifest, vision: vision, series: series)
      .build(manifest.rows, on: ReplicaTeam(2))
    let data = result.data
    #expect(result.refused.isEmpty)
    #expect(data.tasks.map(\.name) == ["scans", "series"])
    #expect(data.tasks.map(\.labels) == [["bright", "normal"], ["leak", "normal"]])
    #expect(data.tasks.allSatisfy { $0.exclusive })
    #expect(data.kinds == [[.image], [.series]])
    // A label without description speaks for itself.
    #expect(
      data.descriptions == [
        [["bright"], ["nothing is wrong"]], [["oil is lost", "a seal leaks"], ["nothing is wrong"]],
      ])
    #expect(data.train.count == 12 && data.test.count == 4 && data.validation.isEmpty)
    guard case .image(let picture) = try #require(data.train.first { $0.id == "p1" }).input else {
      Issue.record("no picture")
      return
    }
    #expect(picture.pixels == (0..<256).map { 200 + UInt8($0 % 16) })
    #expect(data.train.first { $0.id == "p1" }?.labels == [1, 0])
    let scale = try #require(data.tasks[1].target)
    #expect(scale.low == 0 && scale.high == 21 && abs(scale.mean - 10.5) < 1e-5)
    #expect(data.tasks[0].target == nil)
  }

  @Test("The column that gives the answer away is no channel, nor is one that never changes")
  func leak() throws {
    let (folder, manifest) = try manifest()
    defer { withExtendedLifetime(folder) {} }
    let result = try DatasetBuilder(manifest: manifest, vision: vision, series: series)
      .build(manifest.rows, on: ReplicaTeam(1))
    #expect(Set(result.exclusions.map(\.column)) == ["fault", "bias"])
    #expect(result.data.channelSets.count == 1)
    let set = result.data.channelSets[0]
    #expect(set.channels.map(\.name) == ["temperature", "pressure"] && set.rows == 20 && set.stride == 20)
    // Measured on the train windows alone: recording 3 is for testing.
    #expect(set.statistics[0].low == 1 && set.statistics[0].high == 240)
    guard case .series(let window) = try #require(result.data.train.first { $0.id == "s11" }).input else {
      Issue.record("no window")
      return
    }
    #expect(window.channel(0) == (121...140).map(Float.init))
    #expect(window.channel(1) == (21...40).map { 5 + Float($0 % 3) })
    #expect(window.features?.count == 2 * SeriesFeatures.count(series))
  }

  @Test("A damaged picture and a window beyond the file are refused with their reasons, the rest goes on")
  func refused() throws {
    let (folder, known) = try manifest()
    try folder.write("no picture", to: "3.png")
    var rows = known.rows
    if let index = rows.firstIndex(where: { $0.id == "s01" }) {
      (rows[index].start, rows[index].end) = (400, 420)
    }
    let result = try DatasetBuilder(manifest: known, vision: vision, series: series).build(
      rows, on: ReplicaTeam(2))
    #expect(result.refused.map(\.id) == ["p3", "s01"])
    #expect(result.refused[0].reason.contains("3.png") && result.refused[1].reason.contains("400 to 420"))
    #expect(result.data.train.count == 10)
  }

  @Test("A label subset takes labels, texts and numbers away from the other train rows")
  func subset() throws {
    let (folder, manifest) = try manifest()
    defer { withExtendedLifetime(folder) {} }
    let subset = LabelSubset(of: manifest.rows, keeping: .fraction(0.5), seed: 3)
    let data = try DatasetBuilder(manifest: manifest, vision: vision, series: series)
      .build(subset.rows, on: ReplicaTeam(1)).data
    let kept = Set(subset.keptIDs)
    #expect(kept.count < 12 && kept.count > 2)
    #expect(data.train.count == 12)
    for sample in data.train {
      #expect(
        (sample.labels != nil) == kept.contains(sample.id) && sample.isLabelled == kept.contains(sample.id))
      if !kept.contains(sample.id) { #expect(sample.target == nil && sample.texts.isEmpty) }
    }
    #expect(data.test.allSatisfy { $0.labels != nil })
  }

  @Test("With a bundle's tasks rows go to the task of their kind, shared labels or none notwithstanding")
  func known() throws {
    let (folder, manifest) = try manifest()
    defer { withExtendedLifetime(folder) {} }
    let own = try DatasetBuilder(manifest: manifest, vision: vision, series: series)
      .build(manifest.rows, on: ReplicaTeam(1)).data
    var measured = series
    measured.sets = own.channelSets
    var rows = manifest.rows
    for index in rows.indices where rows[index].id.hasSuffix("1") { rows[index].labels = [] }
    let again = try DatasetBuilder(
      manifest: manifest, vision: vision, series: measured,
      known: (own.tasks, own.kinds, own.descriptions, own.channelSets)
    ).build(rows, on: ReplicaTeam(1)).data
    #expect(again.train.count == 12)
    for sample in again.train + again.test {
      #expect(
        own.tasks[sample.task].name == (sample.input.kind == .series ? "series" : "scans"), "\(sample.id)")
    }
    // Features are those that training computed.
    for (a, b) in zip(own.train, again.train) {
      if case .series(let x) = a.input, case .series(let y) = b.input { #expect(x.features == y.features) }
    }
    let scansAlone = try DatasetBuilder(
      manifest: manifest, vision: vision, series: measured,
      known: ([own.tasks[0]], [own.kinds[0]], [own.descriptions[0]], own.channelSets)
    ).build(rows, on: ReplicaTeam(1))
    #expect(scansAlone.data.train.count == 6 && scansAlone.refused.count == 8)
  }

  @Test("The step in time is the median of a time column's, and nothing without one")
  func interval() throws {
    func interval(_ header: String, _ time: (Int) -> String) throws -> ChannelSet {
      let folder = try ScratchFolder()
      for file in 0..<3 {
        let rows = (1...40).map { "\(time($0))\($0 * (file + 1) % 7),\($0 % 5)" }
        try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: "r\(file).csv")
      }
      let lines = (0..<3).map { "s\($0),train,\($0 == 0 ? "a" : "b"),r\($0).csv,1,40" }
      try folder.write(
        (["id,split,label,series,start,end"] + lines).joined(separator: "\n") + "\n", to: "manifest.csv")
      let manifest = try Manifest(path: folder.path + "/manifest.csv")
      let result = try DatasetBuilder(manifest: manifest, vision: nil, series: series)
        .build(manifest.rows, on: ReplicaTeam(1))
      return try #require(result.data.channelSets.first)
    }
    // A gap in the middle changes no median.
    let fast = try interval("time,x,y") { "\(Double($0 + ($0 > 20 ? 500 : 0)) / 5000)," }
    #expect(abs(try #require(fast.interval) - 1.0 / 5000) < 1e-9 && fast.isVibration)
    let slow = try interval("time,x,y") { "2026-01-01T00:00:\($0 < 10 ? "0" : "")\($0)," }
    #expect(slow.interval == 1 && !slow.isVibration)
    let none = try interval("x,y") { _ in "" }
    #expect(none.interval == nil && !none.isVibration)
  }
}
