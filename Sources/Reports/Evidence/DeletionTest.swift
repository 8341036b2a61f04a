import Encoders

/// Whether an answer rests on the region that is shown for it: covering that region must lower the answer more than
/// covering any other place of the same size does (deletion, after Petsiuk, Das and Saenko 2018, "RISE").
///
/// The cover takes the colour of what lies around it, so that a cover that is itself conspicuous does not prove itself
/// right.
public struct DeletionTest: Sendable {
  /// How far the answer (log odds) falls.
  public struct Outcome: Sendable, Hashable {
    /// With the region covered.
    public var region: Double
    /// With each of the other places covered.
    public var others: [Double]

    /// Whether the region matters more than every other place.
    public var passes: Bool { others.allSatisfy { region > $0 } }
  }

  /// Other places that are tried at most.
  public var others: Int
  /// Places a side among which the others are chosen.
  private static let grid = 16
  /// Share of a region by which another place may overlap it.
  private static let overlap = 0.1

  /// - Parameter others: places that are tried at most.
  public init(others: Int = 8) { self.others = max(1, others) }

  /// - Parameters:
  ///   - frames: one picture, or the frames of a clip; a place is covered in all of them.
  ///   - regions: all of the finding, as shares of the sides; the first is tested, the others must only not be taken for
  ///     another place.
  ///   - score: the answer (log odds) for several variants.
  /// - Returns: nil where the regions leave no room for another place.
  public func run(
    _ frames: [Picture], regions: [Occlusion.Region], score: ([[Picture]]) -> [Float]
  ) -> Outcome? {
    guard let first = regions.first, !frames.isEmpty else { return nil }
    let places = places(beside: regions, size: (first.width, first.height))
    guard !places.isEmpty else { return nil }
    let variants = [(first.x, first.y)] + places
    let said = score(
      [frames]
        + variants.map { x, y -> [Picture] in
          var place = first
          (place.x, place.y) = (x, y)
          return frames.map { $0.blended(place) }
        })
    guard said.count == variants.count + 1 else { return nil }
    let falls = said.dropFirst().map { Double(said[0]) - Double($0) }
    return Outcome(region: falls[0], others: Array(falls.dropFirst()))
  }

  /// Upper left corners of places of this size that keep off the regions, evenly chosen.
  private func places(
    beside regions: [Occlusion.Region], size: (width: Double, height: Double)
  ) -> [(Double, Double)] {
    let steps = (0...Self.grid).map { Double($0) / Double(Self.grid) }
    let free = steps.flatMap { y in steps.map { x in (x, y) } }.filter { x, y in
      guard x + size.width <= 1 + 1e-9, y + size.height <= 1 + 1e-9 else { return false }
      return regions.allSatisfy { region in
        let across = min(x + size.width, region.x + region.width) - max(x, region.x)
        let down = min(y + size.height, region.y + region.height) - max(y, region.y)
        return max(0, across) * max(0, down) <= Self.overlap * size.width * size.height
      }
    }
    guard free.count > others else { return free }
    return (0..<others).map { free[($0 * 2 + 1) * free.count / (2 * others)] }
  }
}
