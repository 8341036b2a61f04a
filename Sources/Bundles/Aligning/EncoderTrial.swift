import Alignment
import Encoders
import Foundation
import Training

/// Short trainings with each way to read recordings, of which validation picks one.
struct EncoderTrial {
  /// What came of one of them.
  struct Tried: Sendable, Codable, Hashable {
    /// What the encoder read.
    var encoder: SeriesConfiguration.Encoder
    /// Epochs that it was given.
    var epochs: Int
    /// `Evaluation.score` of the network alone on the validation rows.
    var validation: Double
    /// Whether the bundle was trained with it.
    var isChosen: Bool
  }

  /// The training that the choice is for.
  var training: BundleTraining

  /// With fewer labelled rows chance picks.
  private static let fewest = 40
  /// Of the epochs; enough to tell encoders apart, and three of them cost less than one whole training.
  private static let share = 4
  /// Responses of all channels together that a network learns from: MiniRocket takes ten thousand for a linear model,
  /// and more than some thousand weights a hidden value fit the rows by heart.
  private static let responses = 2016
  /// Numbers of all windows together, at most: 160 MB.
  private static let budget = 40_000_000

  /// Whether there is anything to choose and enough to choose by.
  /// - Parameter method: how validation rows were found. Later blocks of the same recordings are known again by
  ///   whoever learned by heart, so that they cannot choose.
  func applies(_ method: HoldOut.Method) -> Bool {
    guard let series = training.recipe.series, method != .blocks, method != .none else { return false }
    let held = training.data.validation.count { $0.input.kind == .series && $0.labels != nil }
    let windows = (training.data.train + training.data.validation + training.data.test).reduce(0) {
      sum, sample in
      guard case .series(let window) = sample.input else { return sum }
      return sum + window.channels
    }
    return held >= Self.fewest && windows * responses(series) <= Self.budget
  }

  private func responses(_ series: SeriesConfiguration) -> Int {
    Self.responses / max(1, training.data.channelSets.map(\.channels.count).max() ?? 1)
  }

  /// Tries all and gives the training that is to be run.
  ///
  /// Features stay unless another reading is better by more than the standard error of validation's accuracy: they are
  /// the quickest to compute.
  func run(on team: ReplicaTeam) throws -> (training: BundleTraining, tried: [Tried]) {
    guard var series = training.recipe.series else { return (training, []) }
    var wide = training
    (series.encoder, series.responses) = (.both, max(168, responses(series)))
    training.progress(0, 1, "measuring convolutions")
    try wide.data.measureFeatures(&series, seed: training.recipe.seed, on: team)
    wide.recipe.series = series
    var tried: [Tried] = [], candidates: [BundleTraining] = []
    for encoder in SeriesConfiguration.Encoder.allCases {
      var candidate = encoder == .features ? training : wide
      candidate.recipe.series?.encoder = encoder
      let epochs = max(4, training.recipe.epochs / Self.share)
      let score = try candidate.attempt(epochs: epochs, as: "trying \(encoder.rawValue)", on: team)
      tried.append(Tried(encoder: encoder, epochs: epochs, validation: Double(score ?? 0), isChosen: false))
      candidates.append(candidate)
    }
    let usual = tried[0].validation
    let rows = Double(training.data.validation.count { $0.labels != nil })
    let error = (max(0, usual * (1 - usual)) / rows).squareRoot()
    let best = tried.indices.max { tried[$0].validation < tried[$1].validation } ?? 0
    let chosen = tried[best].validation > usual + error ? best : 0
    tried[chosen].isChosen = true
    return (candidates[chosen], tried)
  }
}

extension BundleDescription.TrainingRecord {
  /// What was tried to read recordings with, in sentences; empty where nothing was.
  var encoderLines: [String] {
    (encoders ?? []).map { tried in
      let words =
        switch tried.encoder {
        case .features: "statistics, course and spectrum"
        case .kernels: "responses of convolutions"
        case .both: "statistics, course, spectrum and responses of convolutions"
        }
      return "network over \(words): \(String(format: "%.3f", tried.validation)) after \(tried.epochs) epochs"
        + (tried.isChosen ? ", trained on" : "")
    }
  }
}
