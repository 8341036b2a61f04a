/// How fast parameters learn that a training takes over from a bundle: factors on the learning rate, which is that of
/// parameters that are new. With 0 a part stays as it is; it then takes no gradients and no memory of the optimiser's,
/// and texts pass through a frozen encoder once.
public struct PretrainedRates: Sendable, Codable, Hashable {
  /// Of the vision encoder.
  public var vision: Float = 0.1
  /// Of the series encoder.
  public var series: Float = 0.1
  /// Of the text encoder; for an imported one 0 is chosen where nothing else is said.
  public var text: Float = 0.1
  /// Of heads and of maps into the shared space.
  public var heads: Float = 0.1

  /// The usual factors.
  public init() {}

  /// Keys that are missing keep their usual values.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    vision = try values.decodeIfPresent(Float.self, forKey: .vision) ?? vision
    series = try values.decodeIfPresent(Float.self, forKey: .series) ?? series
    text = try values.decodeIfPresent(Float.self, forKey: .text) ?? text
    heads = try values.decodeIfPresent(Float.self, forKey: .heads) ?? heads
  }

  /// The factor of a parameter that is taken over, by its dotted name.
  public func rate(of name: String) -> Float {
    if name.hasPrefix("vision.") { return vision }
    if name.hasPrefix("series.") { return series }
    return name.hasPrefix("text.") ? text : heads
  }

  /// What nothing can be trained with, in words; empty for sound values.
  var problems: [String] {
    [("vision", vision), ("series", series), ("text", text), ("heads", heads)].compactMap { name, rate in
      rate >= 0 && rate.isFinite ? nil : "pretrained.\(name) is 0 or more, not \(rate)"
    }
  }
}
