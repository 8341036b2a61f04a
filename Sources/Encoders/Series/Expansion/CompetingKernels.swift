import CSeries
import Foundation
import Layers

/// How often each of some random convolutions fits a series best, and how often worst, of the eight in its group: after
/// Dempster, Schmidt and Webb 2023, "HYDRA: competing convolutional kernels for fast and accurate time series
/// classification", over the values and over their differences.
///
/// Weights are drawn once for all channels: normal numbers less their mean, over the sum of their magnitudes. Dilations
/// are powers of two. Where a kernel fits best its responses are added up, where it fits worst the places are counted;
/// of either the square root is the feature.
public struct CompetingKernels: Sendable, Codable, Hashable {
  /// Kernels of a group.
  static let size = 8
  /// Groups over the values, and as many over the differences, at each dilation.
  let groups: Int
  /// Distances between the weights of a kernel.
  let dilations: [Int]
  /// What the weights are drawn from.
  let seed: UInt64
  /// `[source, dilation, group, kernel, 9]`, flat; drawn again when read.
  let weights: [Float]

  private enum CodingKeys: CodingKey { case groups, dilations, seed }

  /// Groups, where there is room: 32 over the values and 32 over the differences are the paper's 64.
  private static let most = 32

  /// - Parameters:
  ///   - rows: of a window, at least as many as a kernel has weights.
  ///   - features: of a channel, at most.
  /// - Returns: nil where not even one group has room at all dilations.
  init?(rows: Int, features: Int, using rng: inout some RandomNumberGenerator) {
    // Differences are one fewer; the widest kernel still lies inside.
    let greatest = max(0, Int(log2(Double(max(1, rows - 2)) / Double(KernelResponses.length - 1))))
    let dilations = (0...greatest).map { 1 << $0 }
    let groups = min(Self.most, features / (dilations.count * 2 * 2 * Self.size))
    guard groups >= 1 else { return nil }
    self.init(groups: groups, dilations: dilations, seed: rng.next())
  }

  init(groups: Int, dilations: [Int], seed: UInt64) {
    (self.groups, self.dilations, self.seed) = (groups, dilations, seed)
    var rng = SeededGenerator(seed: seed)
    let length = KernelResponses.length
    weights = (0..<2 * dilations.count * groups * Self.size).flatMap { _ -> [Float] in
      let drawn = (0..<length).map { _ in rng.normal() }
      let mean = drawn.reduce(0, +) / Float(length)
      let centred = drawn.map { $0 - mean }
      let sum = centred.reduce(0) { $0 + abs($1) }
      return centred.map { $0 / max(sum, .leastNormalMagnitude) }
    }
  }

  /// - Throws: `DecodingError` for numbers that make no kernels.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let groups = try values.decode(Int.self, forKey: .groups)
    let dilations = try values.decode([Int].self, forKey: .dilations)
    guard (1...Self.most).contains(groups), (1...32).contains(dilations.count),
      dilations.allSatisfy({ (1...1 << 24).contains($0) })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "These make no competing kernels."))
    }
    self.init(
      groups: groups, dilations: dilations, seed: try values.decode(UInt64.self, forKey: .seed))
  }

  /// Features of one channel.
  public var count: Int { 2 * dilations.count * groups * Self.size * 2 }

  /// - Parameter course: of one channel, no gaps.
  func compute(_ course: [Float]) -> [Float] {
    var out: [Float] = []
    out.reserveCapacity(count)
    let steps = zip(course.dropFirst(), course).map { $0 - $1 }
    let own = groups * Self.size
    for (source, values) in [course, steps].enumerated() {
      for (index, dilation) in dilations.enumerated() {
        let margin = [Float](repeating: 0, count: KernelResponses.length / 2 * dilation)
        let padded = margin + values + margin
        var greatest = [Float](repeating: 0, count: own), least = greatest
        let first = (source * dilations.count + index) * own * KernelResponses.length
        weights.withUnsafeBufferPointer { weights in
          guard let start = weights.baseAddress else { return }
          cseries_competing(
            padded, values.count, dilation, start + first, groups, &greatest, &least)
        }
        out += (greatest + least).map { max(0, $0).squareRoot() }
      }
    }
    return out
  }
}
