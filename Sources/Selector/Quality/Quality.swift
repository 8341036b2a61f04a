/// Measures of one input, each about 0 to 1, that say how far it can be trusted before any model sees it.
public struct Quality: Sendable, Codable, Hashable {
  /// Share of fine detail that is missing: 0 sharp, 1 without any edge. 0 for series.
  public var blur: Float = 0
  /// Share of samples at the ends of the range.
  public var saturation: Float = 0
  /// Deviation of the samples over half the range, at most 1; small for blank pictures.
  public var contrast: Float = 0
  /// Shannon entropy of the samples' histogram over its maximum.
  public var entropy: Float = 0
  /// Share of values, channels or frames that are missing.
  public var missing: Float = 0
  /// Share of channels or frames that never change.
  public var frozen: Float = 0
  /// Share of values outside of the range seen in training. 0 for pictures.
  public var outside: Float = 0

  /// All measures at 0, so that the input counts as blank until `contrast` is set.
  public init() {}

  /// In a fixed order, for the selector's network.
  var values: [Float] { [blur, saturation, contrast, entropy, missing, frozen, outside] }

  static let count = 7

  /// Whether the recording failed, not what it shows: readings that are there and move are the machine's own, however
  /// strange they are.
  public var isBroken: Bool { missing > 0.2 || frozen > 0.5 || contrast < 0.02 }

  /// Something that stands out, with the share of the input that it holds for.
  public enum Complaint: Sendable, Hashable {
    case blank, withoutDetail
    case saturated(Float), missing(Float), frozen(Float), outside(Float)

    /// In words, without a full stop.
    public var text: String {
      func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
      return switch self {
      case .blank: "the picture is almost blank"
      case .withoutDetail: "the picture has hardly any detail"
      case .saturated(let share): "\(percent(share)) of the samples are at the ends of the range"
      case .missing(let share): "\(percent(share)) is missing"
      case .frozen(let share): "\(percent(share)) never changes"
      case .outside(let share): "\(percent(share)) of the values are outside of what training saw"
      }
    }
  }

  /// What stands out; empty for a good input.
  public var complaints: [Complaint] {
    var found: [Complaint] = []
    if contrast < 0.04 { found.append(.blank) }
    if blur > 0.9 && contrast >= 0.04 { found.append(.withoutDetail) }
    if saturation > 0.6 { found.append(.saturated(saturation)) }
    if missing > 0.2 { found.append(.missing(missing)) }
    if frozen > 0.5 { found.append(.frozen(frozen)) }
    if outside > 0.2 { found.append(.outside(outside)) }
    return found
  }
}
