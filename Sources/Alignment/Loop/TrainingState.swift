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
    var version = 2
    var fingerprint: String
    var epoch: Int, step: Int, optimiserStep: Int, averageCount: Int
    var contrast: ContrastiveLoss
    var history: [EpochRecord]
    var bestScore: Float?
    var bestEpoch: Int
    /// Of all values, so that a file that changed on the disk is not taken for a training.
    var checksum: String
  }

  /// Writes one file, whole or not at all.
  /// - Parameter fingerprint: of recipe and data; a checkpoint of another training is refused.
  func save(to path: String, names: [String], fingerprint: String) throws {
    let moments = optimiser.moments
    var parts: [(name: String, values: [[Float]])] = [
      ("model", parameters.map { $0.floats() }), ("average", average.values.map { $0.floats() }),
      ("best", best.map { $0.floats() }),
    ]
    if !moments.first.isEmpty { parts += [("first", moments.first), ("second", moments.second)] }
    let record = Record(
      fingerprint: fingerprint, epoch: epoch, step: step, optimiserStep: optimiser.step,
      averageCount: average.count, contrast: contrast, history: history, bestScore: bestScore,
      bestEpoch: bestEpoch, checksum: TrainingState.checksum(parts.map(\.values)))
    let entries = parts.flatMap { part in
      names.indices.map { index in
        SafetensorsWriter.Entry(
          name: "\(part.name).\(names[index])", shape: parameters[index].shape, type: .f32,
          values: part.values[index])
      }
    }
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    try AtomicFile.write(
      SafetensorsWriter.encode(entries: entries, metadata: ["training": text]), to: path)
  }

  /// Reads what `save` wrote.
  /// - Throws: `TrainingError` for a file that is none, is damaged or of another training; the state is then as it was.
  mutating func restore(from path: String, names: [String], fingerprint: String) throws {
    func damaged(_ why: String) -> TrainingError {
      TrainingError(
        place: path, reason: "The checkpoint is damaged: \(why)",
        remedy: "Copy it back from where it is sound, or train anew without --resume.")
    }
    var read: [String: [[Float]]] = [:]
    let record: Record
    do {
      let file = try SafetensorsFile(path: path)
      guard let text = file.metadata["training"] else {
        throw TrainingError(
          place: path, reason: "This file holds no training state.",
          remedy: "Name the folder of an unfinished training, or train without --resume.")
      }
      record = try JSONDecoder().decode(Record.self, from: Data(text.utf8))
      guard record.fingerprint == fingerprint else {
        throw TrainingError(
          place: path, reason: "This checkpoint is of another recipe, manifest, seed or label subset.",
          remedy: "Resume with the same arguments, or train anew with --force.")
      }
      for part in TrainingState.parts(record.optimiserStep) {
        read[part] = try zip(names, parameters).map { name, parameter in
          let values = try file.floats("\(part).\(name)")
          guard values.count == parameter.count else {
            throw damaged("\(part).\(name) has \(values.count) values instead of \(parameter.count).")
          }
          return values
        }
      }
    } catch let error as SafetensorsError {
      throw damaged(error.reason)
    } catch is DecodingError {
      throw damaged("its record cannot be read, or another version of Braid wrote it.")
    }
    let parts = TrainingState.parts(record.optimiserStep).map { read[$0] ?? [] }
    guard TrainingState.checksum(parts) == record.checksum else {
      throw damaged("its values are not those that were written.")
    }
    func tensors(_ values: [[Float]]) -> [Tensor] {
      zip(values, parameters).map { Tensor($0, shape: $1.shape) }
    }
    (epoch, step, contrast, history) = (record.epoch, record.step, record.contrast, record.history)
    (bestScore, bestEpoch) = (record.bestScore, record.bestEpoch)
    best = tensors(parts[2])
    if record.optimiserStep > 0 {
      optimiser.restore(step: record.optimiserStep, first: parts[3], second: parts[4])
    }
    average.restore(tensors(parts[1]), updates: record.averageCount)
    parameters = tensors(parts[0])
  }

  private static func parts(_ optimiserStep: Int) -> [String] {
    ["model", "average", "best"] + (optimiserStep > 0 ? ["first", "second"] : [])
  }

  /// FNV-1a over words of 32 bits: it finds what disks do to files, not what people do.
  private static func checksum(_ parts: [[[Float]]]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for values in parts.joined() {
      values.withUnsafeBufferPointer {
        for value in $0 { hash = (hash ^ UInt64(value.bitPattern)) &* 0x0000_0100_0000_01B3 }
      }
    }
    return String(hash, radix: 16)
  }
}
