/// In what proportion rows are dealt out to train, validation and test.
public struct SplitParts: Sendable, Hashable, Codable, CustomStringConvertible {
  /// In the order train, val, test; only their proportion counts.
  public let weights: [Double]

  /// Half to learn from, and enough of the rest that choices and figures can be relied on where sets are small.
  public static let usual = SplitParts(weights: [5, 3, 2])

  private init(weights: [Double]) { self.weights = weights }

  /// `5:3:2` or `0.7:0.15:0.15`: train, validation, test. Validation and test may be 0; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
      Double(String($0).trimmed())
    }
    let weights = parts.compactMap { $0 }
    guard parts.count == 3, weights.count == 3, weights.allSatisfy({ $0 >= 0 && $0 <= 1e9 }), weights[0] > 0
    else { return nil }
    self.weights = weights
  }

  /// Shares of all rows, which add up to 1.
  public var shares: [Double] {
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// As `--split-parts` takes it.
  public var description: String {
    weights.map { $0 == $0.rounded() ? String(Int($0)) : String($0) }.joined(separator: ":")
  }
}
