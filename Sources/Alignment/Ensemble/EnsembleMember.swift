import Encoders
import Tensors
import Training

/// A learner that answers from plain features of a window, beside the network.
public struct EnsembleMember: Sendable {
  /// What it looks at, and how it learns.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Extremely randomised trees over statistics, spectrum and quantiles of intervals: strong with few windows.
    case trees
    /// Ridge regression over responses of convolutions: sees shapes wherever they stand.
    case kernels
    /// Ridge regression over how often each of several random convolutions responds most.
    case competing
    /// Ridge regression over counts of words of Fourier coefficients: sees how often a pattern comes.
    case words
    /// Logistic regression over the spectrum of the envelope: sees what strikes in turning machines.
    case envelope

    /// The features that it reads.
    var part: SeriesExpansion.Part {
      switch self {
      case .trees: .intervals
      case .kernels: .kernels
      case .competing: .competing
      case .words: .words
      case .envelope: .envelope
      }
    }

    /// Whether features far from their mean are brought nearer. Counts of words share one scale, on which frequent ones
    /// lie far out.
    var isClamped: Bool { self != .words }
  }

  enum Learner: Sendable {
    case trees(ExtraTrees)
    case ridge(RidgeClassifier)
    case logistic(LogisticRegression)
  }

  /// What it looks at.
  public let kind: Kind
  let scale: FeatureScale
  let learner: Learner

  /// Class probabilities, or one standardised number.
  /// - Parameter row: as `rows` gives it.
  func outputs(_ row: [Float]) -> [Float] {
    var row = row
    scale.apply(to: &row)
    return row.withUnsafeBufferPointer { row in
      switch learner {
      case .trees(let trees): trees.outputs(row)
      case .ridge(let ridge): ridge.probabilities(row)
      case .logistic(let logistic): logistic.probabilities(row)
      }
    }
  }

  /// The features of a window that a member reads, not standardised; NaN for what is missing.
  /// - Parameters:
  ///   - features: `SeriesFeatures` of the window, `[channel, feature]`.
  ///   - expanded: `SeriesExpansion` of the window, `[channel, feature]`.
  static func row(
    _ kind: Kind, features: [Float], expanded: [Float], expansion: SeriesExpansion,
    configuration: SeriesConfiguration
  ) -> [Float] {
    let range = expansion.range(kind.part), width = expansion.count
    let own = SeriesFeatures.count(configuration), bands = SeriesFeatures.bands(configuration)
    var out: [Float] = []
    for channel in 0..<expansion.channels {
      if kind == .trees {
        // The course is left out: its points are intervals' quantiles by another name.
        let base = channel * own
        out += features[base..<base + SeriesFeatures.statistics]
        out += features[base + bands.lowerBound..<base + bands.upperBound]
      }
      out += expanded[channel * width + range.lowerBound..<channel * width + range.upperBound]
    }
    return out
  }

  /// Named tensors of the learner and its scale.
  func tensors() -> [String: Tensor] {
    var out =
      switch learner {
      case .trees(let trees): trees.tensors()
      case .ridge(let ridge): ridge.tensors()
      case .logistic(let logistic): logistic.tensors()
      }
    out["scale.means"] = Tensor(scale.means, shape: [scale.means.count])
    out["scale.deviations"] = Tensor(scale.deviations, shape: [scale.deviations.count])
    return out
  }

  init(_ kind: Kind, scale: FeatureScale, learner: Learner) {
    (self.kind, self.scale, self.learner) = (kind, scale, learner)
  }

  /// - Parameter columns: features that the member reads.
  /// - Throws: `TrainingError` for tensors that do not make a learner of this size.
  init(_ kind: Kind, tensors: [String: Tensor], columns: Int, outputs: Int) throws {
    let means = tensors["scale.means"]?.floats() ?? []
    let deviations = tensors["scale.deviations"]?.floats() ?? []
    guard means.count == columns, deviations.count == columns else {
      throw TrainingError(
        place: "ensemble \(kind.rawValue)", reason: "It has \(means.count) features instead of \(columns).",
        remedy: "Copy the bundle again or train it anew.")
    }
    self.kind = kind
    scale = FeatureScale(means: means, deviations: deviations, isClamped: kind.isClamped)
    let (found, answers): (Int, Int)
    switch kind {
    case .trees:
      let trees = try ExtraTrees(tensors: tensors)
      (learner, found, answers) = (.trees(trees), trees.columns, trees.outputCount)
    case .kernels, .competing, .words:
      let ridge = try RidgeClassifier(tensors: tensors)
      (learner, found, answers) = (.ridge(ridge), ridge.columns, ridge.classes)
    case .envelope:
      let logistic = try LogisticRegression(tensors: tensors)
      (learner, found, answers) = (.logistic(logistic), logistic.columns, logistic.classes)
    }
    guard found == columns, answers == outputs else {
      throw TrainingError(
        place: "ensemble \(kind.rawValue)",
        reason: "It gives \(answers) answers from \(found) features instead of \(outputs) from \(columns).",
        remedy: "Copy the bundle again or train it anew.")
    }
  }
}
