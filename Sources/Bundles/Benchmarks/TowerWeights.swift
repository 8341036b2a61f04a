import Files
import Foundation
import Layers
import Tensors

/// Weights of the reference towers as safetensors files, by the names that `walk` gives.
///
/// Layouts: maps `[out, in]`; `towers.patches.weight` `[out, rows, columns, channels]`; positions `[1, tokens, width]`;
/// `towers.tokens.weight` `[vocabulary, width]`; `towers.scale` `[]`, the logarithm of the factor on the similarities.
enum TowerWeights {
  /// The towers with the weights of a file.
  /// - Throws: `SafetensorsError` or `BundleError` with what does not fit.
  static func read(_ path: String, into towers: ReferenceTowers) throws -> ReferenceTowers {
    let file = try SafetensorsFile(path: path)
    var values: [String: Tensor] = [:]
    for name in file.names {
      let floats = try file.floats(name)
      try checkFinite(floats, "\(path), tensor \(name)")
      values[name] = Tensor(floats, shape: file.shape(name) ?? [floats.count])
    }
    do {
      return try towers.loading(values, prefix: ReferenceTowers.prefix)
    } catch let found as LoadingProblems {
      let shown = LoadingProblems(problems: Array(found.problems.prefix(3)))
      let more = found.problems.count - shown.problems.count
      throw BundleError(
        path: path, reason: "\(shown)\(more > 0 ? "; and \(more) more" : "").",
        remedy: "`braid bench align --save-weights FILE` writes a file with the names and shapes that fit.")
    }
  }

  /// Writes all weights in f32.
  /// - Throws: `WritingError`.
  static func write(_ towers: ReferenceTowers, to path: String) throws {
    let entries = towers.parameters(ReferenceTowers.prefix).map {
      SafetensorsWriter.Entry(name: $0.name, shape: $0.tensor.shape, values: $0.tensor.floats())
    }
    try AtomicFile.write(SafetensorsWriter.encode(entries: entries), to: path)
  }

  /// - Parameter place: file and tensor.
  static func checkFinite(_ values: [Float], _ place: String) throws {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw BundleError(
      path: place, reason: "Value \(index) is \(values[index]), which is no finite number.",
      remedy: "Store finite numbers.")
  }
}
