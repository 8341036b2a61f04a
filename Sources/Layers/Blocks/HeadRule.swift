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

/// In recipes a number of heads, or `dynamic`.
extension HeadRule {
  /// A number of heads or the word `dynamic`.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let count = try? value.decode(Int.self), count > 0 {
      self = .fixed(count)
    } else if (try? value.decode(String.self)) == "dynamic" {
      self = .dynamic
    } else {
      throw DecodingError.dataCorruptedError(
        in: value, debugDescription: "Heads are a number above 0, or the word dynamic.")
    }
  }

  /// A number of heads or the word `dynamic`.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .fixed(let count): try value.encode(count)
    case .dynamic: try value.encode("dynamic")
    }
  }
}
