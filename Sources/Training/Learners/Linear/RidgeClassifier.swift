import Foundation
import Tensors

/// Ridge regression on targets of 1 for a row's class and -1 for the others, with probabilities.
///
/// The strength is the one of ten whose scores for rows held out are likeliest, each with the temperature that suits
/// it best; that temperature makes probabilities of scores. Where there are no more rows than columns the dual form is
/// solved; beyond 4,000 columns and 4,000 rows a part of 4,000 with the same share of every class.
///
/// Sources: Hoerl and Kennard 1970; as the head of MiniRocket, Dempster, Schmidt, Webb 2021; Guo et al. 2017 for the
/// temperature.
public struct RidgeClassifier: Sendable {
  let linear: LinearScores
  /// What scores are divided by before softmax.
  public let temperature: Double
  /// Penalty on the squared weights.
  public let strength: Double
  /// Features of a row.
  public var columns: Int { linear.columns }
  /// Number of classes.
  public var classes: Int { linear.bias.count }

  /// - Parameters:
  ///   - labels: class of each row, from 0.
  ///   - folds: of each row, rows of one fold being held out together; nil for five with the same share of every class.
  ///     With a single fold nothing can be held out: the middle strength and a temperature of 1.
  ///   - seed: of the folds made here.
  /// - Throws: `TrainingError` for no rows or columns, or labels out of range.
  public static func fit(
    _ x: FeatureMatrix, labels: [Int], classes: Int, folds: [Int]? = nil, seed: UInt64 = 0,
    on team: ReplicaTeam
  ) throws -> RidgeClassifier {
    try x.check("ridge classifier", labels: labels, classes: classes)
    let fold = try Folds.chosen(folds, labels, seed: seed, "ridge classifier")
    let part = LinearProblem.part(rows: x.rows, columns: x.columns, labels: labels, seed: seed)
    let own = part.map { labels[$0] }
    let targets = (0..<classes).flatMap { label in own.map { $0 == label ? Float(1) : -1 } }
    let problem = try RidgeProblem(
      LinearProblem(part.count == x.rows ? x : x.selecting(part), on: team), targets: targets,
      answers: classes,
      on: team)
    var best: (strength: Double, temperature: Double, loss: Double)?
    if Folds.canHold(part.map { fold[$0] }) {
      let held = try problem.heldOut(Folds(part.map { fold[$0] }), on: team)
      let tried = try team.map(held.count) { index in held[index].map { suit($0, classes, own) } }
      // From the strongest down, so that of equals the strongest stays.
      for (index, found) in tried.enumerated().reversed() {
        guard let found, found.loss < best?.loss ?? .infinity else { continue }
        best = (RidgeProblem.strengths[index], found.temperature, found.loss)
      }
    }
    let (linear, penalty) = try problem.fit(best?.strength ?? RidgeProblem.middle, on: team)
    return RidgeClassifier(linear: linear, temperature: best?.temperature ?? 1, strength: penalty)
  }

  /// The temperature that suits scores best, and their cross-entropy with it.
  private static func suit(
    _ scores: [Float], _ classes: Int, _ labels: [Int]
  ) -> (temperature: Double, loss: Double) {
    // Fitted for scores of deviation 1, since the fit has bounds and strong penalties make small scores.
    let mean = scores.reduce(0.0) { $0 + Double($1) } / Double(scores.count)
    let spread = scores.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(scores.count)
    let size = spread > 0 ? spread.squareRoot() : 1
    let plain = scores.map { Float((Double($0) - mean) / size) }
    let scaling = TemperatureScaling.fit(logits: plain, classes: classes, truth: labels)
    let probabilities = scaling.probabilities(plain, classes: classes)
    let loss = labels.indices.reduce(0.0) {
      $0 - log(max(1e-12, Double(probabilities[$1 * classes + labels[$1]])))
    }
    return (scaling.temperature * size, loss)
  }

  /// One score a class, near 1 for the row's own and near -1 for others.
  public func scores(_ row: UnsafeBufferPointer<Float>) -> [Float] { linear.scores(row) }

  /// Probabilities of the classes.
  /// - Parameter row: as many features as `columns`.
  public func probabilities(_ row: UnsafeBufferPointer<Float>) -> [Float] {
    linear.probabilities(row, temperature: temperature)
  }

  /// Probabilities for a row as it is, then once with each of its parts taken from another row; see `LinearScores`.
  /// - Parameters:
  ///   - other: of the same length, what stands in a part's place.
  ///   - parts: how many equal stretches the columns are divided into.
  public func probabilities(
    _ row: UnsafeBufferPointer<Float>, other: UnsafeBufferPointer<Float>, parts: Int
  ) -> [[Float]] {
    linear.scores(row, other: other, parts: parts).map {
      LinearScores.probabilities($0, temperature: temperature)
    }
  }

  /// As `probabilities(_:)`, for a row in an array.
  public func probabilities(_ row: ArraySlice<Float>) -> [Float] {
    row.withUnsafeBufferPointer(probabilities)
  }

  init(linear: LinearScores, temperature: Double, strength: Double) {
    (self.linear, self.temperature, self.strength) = (linear, temperature, strength)
  }

  /// `weights` `[classes, columns]`, `bias` `[classes]`, `temperature` `[1]`, `strength` `[1]`.
  public func tensors() -> [String: Tensor] {
    linear.tensors().merging(
      [
        "temperature": Tensor([Float(temperature)], shape: [1]),
        "strength": Tensor([Float(strength)], shape: [1]),
      ]) { $1 }
  }

  /// Reads what `tensors()` gave.
  /// - Throws: `TrainingError` for a tensor that is missing, of another shape, or no finite numbers.
  public init(tensors: [String: Tensor]) throws {
    let stored = Stored(learner: "ridge classifier", tensors: tensors)
    self.init(
      linear: try LinearScores(stored), temperature: try stored.positive("temperature"),
      strength: try stored.positive("strength"))
  }
}
