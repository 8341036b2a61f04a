import Alignment
import Decoders
import Foundation
import Layers
import Tensors
import Training

/// Brings files and texts into a bundle's shared space.
public struct Embedder: Sendable {
  /// Where one file, or one window of a recording, lies.
  public struct Place: Sendable {
    /// The file.
    public var path: String
    /// Modality.
    public var kind: SampleInput.Kind
    /// Unit length.
    public var embedding: [Float]
    /// Data rows of a window; nil for scans and whole recordings.
    public var rows: ClosedRange<Int>?
  }

  private let bundle: ModelBundle
  private let reader: InputReader

  /// - Parameter bundle: its encoders say where things lie.
  public init(_ bundle: ModelBundle) {
    self.bundle = bundle
    reader = InputReader(bundle)
  }

  /// The places of a file: one of a picture or clip, one for each window of a recording.
  public func places(_ path: String) throws(Decoders.DecodingError) -> [Place] {
    let inputs = try reader.read(path)
    return stride(from: 0, to: inputs.count, by: 32).flatMap { start -> [Place] in
      let part = Array(inputs[start..<min(inputs.count, start + 32)])
      let tape = Tape(.inference, precision: bundle.precision.tape)
      var unused = SeededGenerator(seed: 0)
      let kind = part[0].input.kind
      let encoded = bundle.model.encode(
        bundle.predictor.builder.build(part.map(\.input), augmenting: false, using: &unused), on: tape,
        using: &unused)
      let values = bundle.model.embed(encoded, kind: kind, on: tape).floats()
      let width = values.count / part.count
      return part.indices.map { index in
        Place(
          path: path, kind: kind, embedding: Array(values[index * width..<(index + 1) * width]),
          rows: part[index].rows)
      }
    }
  }

  /// The place of a whole file: that of a scan, the direction of the mean of a recording's windows.
  public func place(_ path: String) throws(Decoders.DecodingError) -> Place {
    let all = try places(path)
    guard all.count > 1 else { return all[0] }
    var mean = [Float](repeating: 0, count: all[0].embedding.count)
    for place in all { for index in mean.indices { mean[index] += place.embedding[index] } }
    let length = max(1e-12, mean.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return Place(path: path, kind: all[0].kind, embedding: mean.map { $0 / length }, rows: nil)
  }

  /// The place of a text, unit length.
  /// - Throws: `BundleError` for bundles without text.
  public func place(text: String) throws -> [Float] {
    guard bundle.tokenizer != nil, bundle.model.text != nil else {
      throw BundleError(
        path: bundle.path, reason: "The bundle \(bundle.description.name) was trained without text.",
        remedy: "Search with --image or --series, or name another bundle with --bundle.")
    }
    return bundle.predictor.embed(texts: [bundle.tokens(text)])[0]
  }
}
