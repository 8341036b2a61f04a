import Alignment
import Bundles
import Foundation
import Layers
import Training

/// A bundle trained once for all tests: windows of three sensors in three states, half of them with labels.
final class TrainedToy: Sendable {
  /// Trained at its first use.
  static let shared = Result { try TrainedToy() }

  let folder: String
  let outcome: AlignJob.Outcome
  var manifest: String { folder + "/manifest.csv" }
  var bundlePath: String { folder + "/toy.braid" }

  private init() throws {
    folder =
      FileManager.default.temporaryDirectory.path
      + "/braid-bundles-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try TrainedToy.writeData(to: folder)
    var options = AlignJob.Options(
      manifest: folder + "/manifest.csv", out: folder + "/toy.braid/", threads: 2)
    options.labels = "50%"
    options.epochs = 30
    options.seed = 3
    outcome = try AlignJob(options) { _, _, _ in }.run()
  }

  /// 24 recordings of 60 rows, each with three windows; every fourth group is for testing.
  private static func writeData(to folder: String) throws {
    var rng = SeededGenerator(seed: 9)
    var lines = ["id,split,group,label,series,start,end"]
    let states = ["normal", "clogged", "hot"]
    for index in 0..<24 {
      let state = index % 3
      var rows = ["flow,temperature,vibration,fault"]
      for row in 0..<60 {
        let flow: Float = (state == 1 ? 2 : 5) + 0.4 * rng.normal()
        let temperature: Float = (state == 2 ? 48 : 40) + rng.normal()
        let speed: Float = state == 1 ? 1.7 : 0.5
        let vibration = sin(Float(row) * speed) + 0.3 * rng.normal()
        rows.append("\(flow),\(temperature),\(vibration),\(state)")
      }
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(
        to: URL(fileURLWithPath: folder + "/r\(index).csv"))
      for part in 0..<3 {
        lines.append(
          "w\(index)-\(part),\(index / 3 % 4 == 3 ? "test" : "train"),pump\(index),\(states[state]),r\(index).csv,"
            + "\(part * 20 + 1),\(part * 20 + 20)")
      }
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/manifest.csv"))
    let texts =
      "label,text\nnormal,the pump runs as it should\nclogged,little flows and it shakes\nhot,the pump is too hot\n"
    try Data(texts.utf8).write(to: URL(fileURLWithPath: folder + "/labels.csv"))
  }

  /// A copy of the bundle under another name, for damaging.
  func copy(_ name: String) throws -> String {
    let path = folder + "/" + name
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: bundlePath, toPath: path)
    return path
  }

  /// The test rows as the bundle takes them.
  func samples() throws -> [Sample] {
    let known = outcome.bundle.description
    let manifest = try Manifest(path: manifest)
    return try DatasetBuilder(
      manifest: manifest, vision: known.vision, series: known.series,
      known: (known.tasks, known.kinds, known.descriptions, known.series?.sets ?? [])
    ).build(manifest.rows(in: .test), on: ReplicaTeam(2)).data.test
  }
}
