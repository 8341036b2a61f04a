import Alignment
import Bundles
import Foundation
import Layers
import Training

/// A copy of the trained toy with new recordings: of a state that it does not know, and of one that it does.
struct ContinuingToy {
  let scratch: TemporaryFolder
  var folder: String { scratch.path }
  var bundle: String { folder + "/machine.braid" }
  var manifest: String { folder + "/new.csv" }

  init() throws {
    scratch = try TemporaryFolder()
    let toy = try TrainedToy.shared.get()
    try FileManager.default.copyItem(atPath: toy.bundlePath, toPath: scratch.path + "/machine.braid")
    var rng = SeededGenerator(seed: 31)
    var lines = ["id,group,label,series,start,end"]
    for index in 0..<16 {
      let isNew = index % 2 == 0
      var rows = ["flow,temperature,vibration"]
      for row in 0..<60 {
        let flow: Float = (isNew ? 9 : 5) + 0.4 * rng.normal()
        let vibration = sin(Float(row) * 0.5) + 0.3 * rng.normal()
        rows.append("\(flow),\(40 + rng.normal()),\(vibration)")
      }
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(
        to: URL(fileURLWithPath: "\(folder)/n\(index).csv"))
      for part in 0..<3 {
        lines.append(
          "n\(index)-\(part),new\(index),\(isNew ? "leaking" : "normal"),n\(index).csv,\(part * 20 + 1),\(part * 20 + 20)"
        )
      }
    }
    try write(lines.joined(separator: "\n") + "\n", to: "new.csv")
    // Trees alone stand beside the network, which is quicker.
    try write("ensemble: [trees]\n", to: "quick.yaml")
    try write("label,text\nleaking,too much flows\n", to: "labels.csv")
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  func options(_ change: (inout ContinueJob.Options) -> Void = { _ in }) -> ContinueJob.Options {
    var options = ContinueJob.Options(manifest: manifest, from: bundle, threads: 2)
    (options.epochs, options.seed, options.recipe) = (12, 5, folder + "/quick.yaml")
    change(&options)
    return options
  }

  func run(_ change: (inout ContinueJob.Options) -> Void = { _ in }) throws -> ContinueJob.Outcome {
    try ContinueJob(options(change)) { _, _, _ in }.run()
  }

  /// Every file of a folder with its bytes, by its path within.
  static func files(_ folder: String) -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: folder + "/" + $1) }
  }
}
