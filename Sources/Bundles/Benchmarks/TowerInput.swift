import Layers
import Tensors

/// What the towers of a benchmark are run on.
struct TowerInput: Sendable {
  /// `[count, side, side, 3]`.
  var images: Tensor
  /// Of all texts, one after another; empty where no texts are wanted.
  var ids: [Int]
  /// Images, and texts where there are any.
  var count: Int { images.shape[0] }

  /// Normal images and uniform tokens.
  init(random count: Int, of shape: TowerShape, seed: UInt64) {
    var rng = SeededGenerator(seed: seed).split(1)
    let extents = [count, shape.side, shape.side, 3]
    images = Tensor(shape: extents) { out in for place in out.indices { out[place] = rng.normal() } }
    ids = (0..<count * shape.textTokens).map { _ in rng.below(shape.vocabulary) }
  }

  /// From a safetensors file: `images` `[count, side, side, 3]`, channels last; with `texts` also `tokens`
  /// `[count, tokens]` of whole numbers.
  /// - Throws: `SafetensorsError` or `BundleError` with what does not fit.
  init(path: String, of shape: TowerShape, texts: Bool) throws {
    let file = try SafetensorsFile(path: path)
    let extents = file.shape("images") ?? []
    let values = try file.floats("images")
    guard extents.count == 4, extents[0] > 0, Array(extents[1...]) == [shape.side, shape.side, 3] else {
      throw BundleError(
        path: "\(path), tensor images",
        reason: "Its shape is \(extents); the towers take [count, \(shape.side), \(shape.side), 3].",
        remedy: "Store images one after another, rows first, channels last.")
    }
    try TowerWeights.checkFinite(values, "\(path), tensor images")
    (images, ids) = (Tensor(values, shape: extents), [])
    guard texts else { return }
    ids = try file.integers("tokens")
    guard file.shape("tokens") == [extents[0], shape.textTokens] else {
      throw BundleError(
        path: "\(path), tensor tokens",
        reason: "Its shape is \(file.shape("tokens") ?? []); \(extents[0]) images need "
          + "[\(extents[0]), \(shape.textTokens)].",
        remedy: "Store one text for every image.")
    }
    if let place = ids.firstIndex(where: { !(0..<shape.vocabulary).contains($0) }) {
      throw BundleError(
        path: "\(path), tensor tokens, text \(place / shape.textTokens), token \(place % shape.textTokens)",
        reason: "The number \(ids[place]) is no token; they go from 0 to \(shape.vocabulary - 1).",
        remedy: "Store tokens of that vocabulary.")
    }
  }

  /// The first `batch`.
  /// - Throws: `BundleError` where there are fewer.
  func first(_ batch: Int, from path: String) throws -> TowerInput {
    guard batch <= count else {
      throw BundleError(
        path: path, reason: "It holds \(count) images; a batch has \(batch).",
        remedy: "Give as many, or a smaller --batch.")
    }
    var part = self
    part.images = Tape(.inference).slice(images, axis: 0, from: 0, count: batch)
    part.ids = Array(ids.prefix(batch * (ids.count / count)))
    return part
  }
}
