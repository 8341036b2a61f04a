import Alignment
import Crypto
import Encoders
import Foundation

extension ModelBundle {
  /// What a training starts from: one bundle, or the parts of several, in memory only. Each part – the encoders of
  /// vision, series and text with their maps and heads – is that of the only bundle that has it.
  /// - Throws: `BundleError` for bundles that have the same part.
  static func joining(_ bundles: [ModelBundle]) throws -> ModelBundle? {
    guard var joined = bundles.first else { return nil }
    for other in bundles.dropFirst() { try joined.fill(from: other, of: bundles) }
    guard bundles.count > 1 else { return joined }
    joined.description.embedding = commonWidth(bundles)
    let name = bundles.map(\.description.name).joined(separator: "+")
    (joined.description.name, joined.description.origin, joined.path) = (name, nil, "")
    joined.sha256 = SHA256.hexadecimal(of: Data(bundles.map(\.sha256).joined().utf8))
    return joined
  }

  /// Encoders by the words for them.
  private var parts: [String] {
    [
      ("vision encoder", model.vision != nil), ("series encoder", model.series != nil),
      ("text encoder", model.text != nil),
    ]
    .filter(\.1).map(\.0)
  }

  private mutating func fill(from other: ModelBundle, of bundles: [ModelBundle]) throws {
    let (own, theirs) = (Set(parts), other.parts)
    if let twice = theirs.first(where: own.contains) {
      let first = bundles.first { $0.parts.contains(twice) }?.description.name ?? description.name
      throw BundleError(
        path: "--from",
        reason:
          "\(first) and \(other.description.name) both have a \(twice), and a training starts from one.",
        remedy: "Name bundles that complete each other, such as one of texts and one of images.")
    }
    if other.model.vision != nil {
      (model.vision, description.vision) = (other.model.vision, other.description.vision)
      (model.imageProjection, model.clipProjection) = (
        other.model.imageProjection, other.model.clipProjection
      )
      (model.heads.findings, model.heads.decoder) = (other.model.heads.findings, other.model.heads.decoder)
      description.decoder = other.description.decoder
    }
    if other.model.series != nil {
      (model.series, description.series) = (other.model.series, other.description.series)
      (model.seriesProjection, model.heads.faults) = (other.model.seriesProjection, other.model.heads.faults)
    }
    if other.model.text != nil {
      (model.text, description.text) = (other.model.text, other.description.text)
      (model.textProjection, tokenizer) = (other.model.textProjection, other.tokenizer)
    }
    if let modules = other.description.modules {
      description.modules = (description.modules ?? [:]).merging(modules) { own, _ in own }
    }
  }

  /// Of the space that the parts are to share: where one of them has aligned texts with something already, its own;
  /// otherwise that of the texts, whose places mean something before anything is trained; otherwise the first's.
  private static func commonWidth(_ bundles: [ModelBundle]) -> Int {
    let texts = bundles.filter { $0.model.text != nil }
    return (texts.first { $0.parts.count > 1 } ?? texts.first ?? bundles[0]).description.embedding
  }
}
