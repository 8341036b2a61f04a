/// How many heads an attention layer splits its width into.
public enum HeadRule: Sendable, Codable, Hashable {
  /// The same number for every input.
  case fixed(Int)
  /// min(8, max(2, tokens / 64)), rounded down to a divisor of the width: longer inputs get more, narrower
  /// heads. The weights do not depend on the number of heads.
  case dynamic

  /// Heads for an input of `tokens` tokens in a layer of `width`.
  public func heads(tokens: Int, width: Int) -> Int {
    var heads =
      switch self {
      case .fixed(let count): count
      case .dynamic: min(8, max(2, tokens / 64))
      }
    while width % heads != 0 { heads -= 1 }
    return heads
  }
}
