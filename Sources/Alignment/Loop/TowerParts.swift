import Encoders

/// How a replica's samples go through a tower: a few at a time, so that what lies between two operators stays in the
/// caches, and the way back needs room for a few samples' gradients only.
public enum TowerParts {
  /// Tokens that go through together, about: 4 pictures of 14 x 14 patches. Measured with `braid bench align`; fewer
  /// make the products of a part too small, more do not fit the second cache.
  public static let tokens = 800

  /// Parts of `count` samples, in order, of even sizes.
  /// - Parameters:
  ///   - tokens: of one sample.
  ///   - atOnce: tokens that go through together, about.
  public static func ranges(
    of count: Int, tokens: Int, atOnce: Int = TowerParts.tokens
  ) -> [Range<Int>] {
    let parts = min(count, (count * tokens + atOnce - 1) / max(1, atOnce))
    guard parts > 1 else { return count > 0 ? [0..<count] : [] }
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}

extension AlignedModel {
  /// Tokens of one input, as its encoder sees it first.
  func tokens(_ input: SampleInput) -> Int {
    func places(_ picture: Picture) -> Int {
      let side = max(1, picture.side / (vision?.configuration.pixelsPerToken ?? picture.side))
      return side * side
    }
    return switch input {
    case .image(let picture): places(picture)
    case .views(let frames), .clip(let frames): frames.first.map { places($0) * frames.count } ?? 1
    case .series(let window): window.channels
    }
  }
}
