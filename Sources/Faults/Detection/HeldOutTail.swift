import Foundation

/// Scores of normal rows that the model was not learned from, kept as marks: how many reach each of some scores.
public struct HeldOutTail: Sendable, Codable, Equatable {
  /// Rows that were held out.
  public let count: Int
  /// By falling size.
  private let scores: [Double]
  /// How many rows reach the score at the same place.
  private let ranks: [Int]

  /// Ranks that are all kept; from there on every one is 2 % further than the last.
  private static let dense = 200

  init(_ all: [Double]) {
    let sorted = all.sorted(by: >)
    count = sorted.count
    var kept: [Int] = []
    var rank = 1
    while rank <= sorted.count {
      kept.append(rank)
      rank = rank < HeldOutTail.dense ? rank + 1 : max(rank + 1, Int(Double(rank) * 1.02))
    }
    if let last = kept.last, last < sorted.count { kept.append(sorted.count) }
    ranks = kept
    scores = kept.map { sorted[$0 - 1] }
  }

  /// Share of normal rows that reach a score, the row itself counted among them: a conformal p-value (Vovk, Gammerman,
  /// Shafer 2005), never 0.
  public func share(reaching score: Double) -> Double {
    // The first mark below the score.
    var (low, high) = (0, scores.count)
    while low < high {
      let middle = (low + high) / 2
      if scores[middle] >= score { low = middle + 1 } else { high = middle }
    }
    // Between marks the larger number: the share is rather too large than too small.
    let reaching = low < ranks.count ? ranks[low] - 1 : count
    return Double(1 + reaching) / Double(count + 1)
  }

  /// Whether numbers fit together, as after reading from a file.
  var isSound: Bool {
    count > 0 && scores.count == ranks.count && !scores.isEmpty && scores.allSatisfy(\.isFinite)
      && zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 }
      && zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }
      && ranks[0] == 1 && ranks[ranks.count - 1] == count
  }

  /// The score that at most a share of fresh rows exceeds: the finite-sample quantile of split conformal prediction
  /// (Lei et al. 2018), or the largest score where rows are too few to tell.
  static func limit(_ all: [Double], rate: Double) -> Double {
    let rank = Int((Double(all.count + 1) * (1 - rate)).rounded(.up))
    return all.sorted()[max(0, min(all.count, rank) - 1)]
  }
}
