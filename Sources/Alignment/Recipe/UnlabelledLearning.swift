import Foundation

/// What is learned from the rows that keep neither label nor text nor target: the recipe's `unlabelled`. Every weight
/// is a factor on a loss; 0 turns that way of learning off and costs nothing.
public struct UnlabelledLearning: Sendable, Codable, Hashable {
  /// Two augmented views of one input belong together (`ViewLoss`).
  public var views: Float = 0.2
  /// The answer to an augmented input is that of the slow average of the weights to the plain one (Tarvainen and
  /// Valpola 2017, "Mean teachers").
  public var consistency: Float = 0
  /// The average's answer to a question with one right label counts from this probability on (Sohn et al. 2020,
  /// "FixMatch").
  public var confidence: Float = 0.8
  /// Share of the steps in which the weight of consistency climbs to its full height: the average knows nothing yet.
  public var rampUp: Float = 0.3
  /// Captions of labelled rows, found by optimal transport (`PseudoCaptions`).
  public var captions: Float = 0
  /// Of the transport, in units of cosine distance: with 0 each row would take one caption, with much all of them.
  public var regularisation: Float = 0.05
  /// What is hidden of an input is told from the rest (`MaskedPrediction`).
  public var masked: Float = 0
  /// Share of the places of a picture, or of the channels of a recording, that are hidden.
  public var maskedShare: Float = 0.5

  /// Share of a window's rows that labelled windows of its recording must have too for it to take their label
  /// (`OverlapLabels`); 0 for never.
  public var overlap: Float = 0.5

  /// Views and overlap alone.
  public init() {}

  /// Whether a second view of the inputs is looked at in training.
  var looksTwice: Bool { views > 0 || masked > 0 }

  /// The weight of consistency at a step.
  /// - Parameter progress: share of the steps that are done; Laine and Aila 2017 climb by the same curve.
  public func consistency(at progress: Float) -> Float {
    guard rampUp > 0, progress < rampUp else { return consistency }
    let rest = 1 - progress / rampUp
    return consistency * expf(-5 * rest * rest)
  }

  /// What nothing can be trained with, in words; empty for sound values.
  var problems: [String] {
    var found: [String] = []
    func ask(_ isSound: Bool, _ rule: String) { if !isSound { found.append("unlabelled.\(rule)") } }
    for (name, weight) in [
      ("views", views), ("consistency", consistency), ("captions", captions), ("masked", masked),
    ] {
      ask(weight >= 0 && weight.isFinite, "\(name) is 0 or more, not \(weight)")
    }
    ask((0..<1).contains(confidence), "confidence is a probability from 0 to below 1, not \(confidence)")
    ask((0...1).contains(overlap), "overlap is a share from 0 to 1, not \(overlap)")
    ask((0...1).contains(rampUp), "rampUp is a share from 0 to 1, not \(rampUp)")
    ask(
      regularisation >= 0.001 && regularisation.isFinite,
      "regularisation is 0.001 or more, not \(regularisation)")
    ask(
      maskedShare > 0 && maskedShare < 1, "maskedShare is a share above 0 and below 1, not \(maskedShare)")
    return found
  }
}
