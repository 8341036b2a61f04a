import Foundation

/// How near an input is to what a task was trained on: its distance to the nearest of some training inputs in
/// the shared space (Sun et al. 2022, "Out-of-distribution detection with deep nearest neighbors").
public struct Familiarity: Sendable {
  /// `[prototypes][embedding]`, unit length.
  public var prototypes: [[Float]]
  /// Ids of the training rows that the prototypes are.
  public var ids: [String]
  /// The distance that 95 % of inputs of the same kind stay below, measured on rows not among the prototypes.
  public var usual: Float

  /// Neighbours whose mean distance counts.
  private static let neighbours = 3

  /// - Parameters:
  ///   - prototypes: `[prototypes][embedding]`, unit length.
  ///   - ids: of the training rows, as many as prototypes.
  ///   - usual: the distance that 95 % of such inputs stay below, above 0.
  public init(prototypes: [[Float]], ids: [String], usual: Float) {
    precondition(prototypes.count == ids.count)
    (self.prototypes, self.ids, self.usual) = (prototypes, ids, usual)
  }

  /// - Parameters:
  ///   - embeddings: of training rows; at most `limit` evenly spaced ones are kept.
  ///   - heldOut: of other rows, for the usual distance; where it is empty the training rows left over, or, when
  ///     all are kept, each of them against the rest.
  public init(embeddings: [[Float]], ids: [String], heldOut: [[Float]], limit: Int = 128) {
    let step = max(1, (embeddings.count + limit - 1) / limit)
    let kept = Array(stride(from: 0, to: embeddings.count, by: step))
    self.init(prototypes: kept.map { embeddings[$0] }, ids: kept.map { ids[$0] }, usual: 1)
    let chosen = Set(kept)
    let others =
      heldOut.isEmpty ? embeddings.indices.filter { !chosen.contains($0) }.map { embeddings[$0] } : heldOut
    let distances = (others.isEmpty ? distancesWithin() : others.map { distance($0) }).sorted()
    usual = distances.isEmpty ? 1 : max(1e-3, distances[Int(Float(distances.count - 1) * 0.95)])
  }

  /// The distance of each prototype to its nearest others; none where there are fewer than two.
  private func distancesWithin() -> [Float] {
    guard prototypes.count > 1 else { return [] }
    return prototypes.indices.map { index in
      var rest = self
      rest.prototypes.remove(at: index)
      rest.ids.remove(at: index)
      return rest.distance(prototypes[index])
    }
  }

  /// Mean cosine distance to the nearest prototypes, 0 to 2.
  public func distance(_ embedding: [Float]) -> Float {
    let near = nearest(embedding, Familiarity.neighbours)
    return near.isEmpty ? 2 : near.reduce(0) { $0 + $1.distance } / Float(near.count)
  }

  /// Distance in units of the usual one: up to 1 is ordinary.
  public func strangeness(_ embedding: [Float]) -> Float { distance(embedding) / usual }

  /// The nearest training rows, nearest first.
  public func nearest(_ embedding: [Float], _ count: Int) -> [(id: String, distance: Float)] {
    prototypes.indices.map { index in
      let product = zip(prototypes[index], embedding).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      return (id: ids[index], distance: 1 - product)
    }.sorted { $0.distance < $1.distance }.prefix(count).map { $0 }
  }
}
