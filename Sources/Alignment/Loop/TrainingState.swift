import Files
import Foundation
import Layers
import Tensors
import Training

/// One finished epoch.
public struct EpochRecord: Sendable, Codable, Hashable {
  /// 1 for the first.
  public var epoch: Int
  /// At its last step.
  public var learningRate: Float
  /// Mean training losses by name.
  public var losses: [String: Float]
  /// Of the averaged weights on the validation part; nil without one.
  public var validation: Float?
  /// That it took, validation included.
  public var seconds: Double
  /// Train rows a second.
  public var rowsPerSecond: Double
}

/// Everything that a training needs to go on where it stopped. Parameters are the trained ones only; frozen ones stand
/// in the model that the training began with.
struct TrainingState: Sendable {
  var epoch = 0
  var step = 0
  var contrast: ContrastiveLoss
  var history: [EpochRecord] = []
  var parameters: [Tensor]
  var optimiser: AdamW
  var average: WeightAverage
  var best: [Tensor]
  var bestScore: Float?
  var bestEpoch = 0

  /// The part that is written as text.
  private struct Record: Codable {
    var version = 1
    var fingerprint: String
    var epoch: Int, step: Int, optimiserStep: Int, averageCount: Int
    var contrast: ContrastiveLoss
    var history: [EpochRecord]
    var bestScore: Float?
    var bestEpoch: Int
  }

  /// Writes one file, whole or not at all.
  /// - Parameter fingerprint: of recipe and data; a checkpoint of another training is refused.
  func save(to path: String, names: [String], fingerprint: String) throws {
    let record = Record(
      fingerprint: fingerprint, epoch: epoch, step: step, optimiserStep: optimiser.step,
      averageCount: average.count, contrast: contrast, history: history, bestScore: bestScore,
      bestEpoch: bestEpoch)
    var entries: [SafetensorsWriter.Entry] = []
    let moments = optimiser.moments
    for (index, name) in names.enumerated() {
      let shape = parameters[index].shape
      func add(_ prefix: String, _ values: [Float]) {
        entries.append(.init(name: "\(prefix).\(name)", shape: shape, type: .f32, values: values))
      }
      add("model", parameters[index].floats())
      add("average", average.values[index].floats())
      add("best", best[index].floats())
      if !moments.first.isEmpty {
        add("first", moments.first[index])
        add("second", moments.second[index])
      }
    }
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    try AtomicFile.write(
      SafetensorsWriter.encode(entries: entries, metadata: ["training": text]), to: path)
  }

  /// Reads what `save` wrote.
  mutating func restore(from path: String, names: [String], fingerprint: String) throws {
    let file = try SafetensorsFile(path: path)
    guard let text = file.metadata["training"] else {
      throw TrainingError(
        place: path, reason: "This file holds no training state.",
        remedy: "Name the folder of an unfinished training, or train without --resume.")
    }
    let record = try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    guard record.fingerprint == fingerprint else {
      throw TrainingError(
        place: path, reason: "This checkpoint is of another recipe, manifest, seed or label subset.",
        remedy: "Resume with the same arguments, or train anew with --force.")
    }
    func read(_ prefix: String) throws -> [[Float]] { try names.map { try file.floats("\(prefix).\($0)") } }
    func tensors(_ prefix: String) throws -> [Tensor] {
      zip(try read(prefix), parameters).map { Tensor($0, shape: $1.shape) }
    }
    (epoch, step, contrast, history) = (record.epoch, record.step, record.contrast, record.history)
    (bestScore, bestEpoch) = (record.bestScore, record.bestEpoch)
    let averages = try tensors("average")
    best = try tensors("best")
    if record.optimiserStep > 0 {
      optimiser.restore(step: record.optimiserStep, first: try read("first"), second: try read("second"))
    }
    parameters = try tensors("model")
    average.restore(averages, updates: record.averageCount)
  }
}
