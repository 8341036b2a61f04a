import Encoders

/// What Braid makes of a folder: the shape of the encoder, and where each of its parameters stands in the original.
struct ImportPlan {
  /// As the original names it.
  var architecture: String
  var text: TextConfiguration?
  var vision: VisionConfiguration?
  var tokenizer: (any Tokenizer)?
  /// Width of the embedding: that of the encoder.
  var embedding: Int
  /// Parameters, about, by which a configuration that has nothing to do with the weights is told.
  var parameters: Int
  /// Beginnings that some checkpoints put before every name, such as `bert.`.
  var prefixes: [String]
  /// Beginnings of names (without prefix) that embedding does not use: heads and poolers.
  var leftOut: [String]
  /// Braid's names, up to a layer's number, with those of the original.
  var whole: [String: String]
  /// The same inside one block, by Braid's name before the number of a block; `{n}` stands in the original's names
  /// for the number.
  var blocks: [String: [String: String]] = [:]
  /// Parameters that are stored otherwise than Braid has them, by Braid's name without a block's number.
  var layouts: [String: WeightLayout] = [:]
  /// Batch normalisation that is folded into a layer, by Braid's name of the layer.
  var norms: [String: String] = [:]
  /// Parameters that the original may lack, then zero.
  var optional: Set<String> = []
  /// Where results differ from the original's, or what was chosen for want of a statement.
  var notes: [String] = []
}

/// How the original stores a parameter.
enum WeightLayout {
  /// As Braid does.
  case same
  /// `[out, in, height, width]` where Braid has `[out, height, width, in]`.
  case channelsFirst
  /// `[width]` or `[places, width]` where Braid has axes of 1 before.
  case withoutLeadingOnes
  /// Rows of a table of `total` rows, from `start` on.
  case rows(start: Int, total: Int)
}

/// Where one of Braid's parameters stands in the original.
struct WeightOrigin {
  var name: String
  var layout: WeightLayout
  var isOptional: Bool
  /// Batch normalisation after the layer, without the parameter's kind; nil for none.
  var norm: String?
}

extension ImportPlan {
  /// - Parameter parameter: Braid's name, such as `text.blocks.0.attention.query.weight`.
  /// - Returns: nil for what no original has.
  func origin(of parameter: String) -> WeightOrigin? {
    guard let dot = parameter.lastIndex(of: ".") else { return nil }
    if let name = whole[parameter] { return found(name, parameter) }
    let (layer, kind) = (String(parameter[..<dot]), String(parameter[dot...]))
    if let name = whole[layer] {
      var origin = found(name + kind, layer, parameter)
      origin.norm = norms[layer]
      return origin
    }
    guard let (prefix, block) = blocks.first(where: { layer.hasPrefix($0.key) }) else { return nil }
    let rest = layer.dropFirst(prefix.count)
    guard let end = rest.firstIndex(of: "."), let name = block[String(rest[rest.index(after: end)...])] else {
      return nil
    }
    let inner = String(rest[rest.index(after: end)...])
    return found(name.replacingOccurrences(of: "{n}", with: rest[..<end]) + kind, inner, inner + kind)
  }

  private func found(_ name: String, _ keys: String...) -> WeightOrigin {
    WeightOrigin(
      name: name, layout: keys.lazy.compactMap { layouts[$0] }.first ?? .same,
      isOptional: keys.contains { optional.contains($0) })
  }
}
