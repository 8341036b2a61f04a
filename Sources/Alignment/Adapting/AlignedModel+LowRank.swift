import Layers
import Tensors

extension AlignedModel {
  /// Beginnings of the names of what low-rank pairs may stand beside.
  private static var encoders: [String] { ["vision.", "series.", "text."] }
  /// Maps of the series encoder that belong to a channel set, and so to its data.
  private static var ofSets: [String] { ["series.wide.", "series.identities.", "series.join."] }

  /// A copy that is trained by low-rank pairs: they are attached to the frozen maps that `adaptation` names.
  /// - Parameters:
  ///   - known: names of the parameters that hold trained values. Those of encoders are frozen; heads, projections,
  ///     maps of a channel set, and encoders that are new are trained as usual.
  ///   - rng: of the pairs' start.
  /// - Returns: the copy and the names of what is frozen in it; without any pair where no frozen map is named.
  public func adapted(
    by adaptation: LowRankAdaptation, known: Set<String>, using rng: inout some RandomNumberGenerator
  ) -> (model: AlignedModel, frozen: Set<String>) {
    let frozen = known.filter { name in
      AlignedModel.encoders.contains { name.hasPrefix($0) }
        && !AlignedModel.ofSets.contains { name.hasPrefix($0) }
    }
    var pairs: [String: LowRankPair] = [:]
    for (name, map) in linearMaps where frozen.contains(name + ".weight") && adaptation.isTarget(name) {
      pairs[name] = LowRankPair(
        map.weight.shape[1], to: map.weight.shape[0], rank: adaptation.r, scale: adaptation.scale, using: &rng
      )
    }
    return (attaching(pairs, dropout: adaptation.dropout), frozen)
  }
}
