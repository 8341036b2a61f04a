import Foundation
import Tensors

/// Multinomial logistic regression with a penalty on the squared weights; offsets carry none.
///
/// The strength is the one of six under which rows held out are likeliest. Beyond 4,000 rows a part of 4,000 with the
/// same share of every class is taken.
public struct LogisticRegression: Sendable {
  /// Strengths tried, as parts of the mean squared length of a row.
  static let strengths = (0..<6).map { pow(10, Double($0) - 4) }
  private static let middle = strengths[3]
  /// Iterations at most while strengths are tried, and for the weights.
  private static let (rough, whole) = (60, 300)

  let linear: LinearScores
  /// Penalty: what half of the squared weights is multiplied by, against the sum of the rows' cross-entropies.
  public let strength: Double
  /// Features of a row.
  public var columns: Int { linear.columns }
  /// Number of classes.
  public var classes: Int { linear.bias.count }

  /// - Parameters:
  ///   - labels: class of each row, from 0.
  ///   - folds: of each row, rows of one fold being held out together; nil for five with the same share of every class.
  ///     With a single fold nothing can be held out: a middle strength.
  ///   - seed: of the folds made here.
  /// - Throws: `TrainingError` for no rows or columns, or labels out of range.
  public static func fit(
    _ x: FeatureMatrix, labels: [Int], classes: Int, folds: [Int]? = nil, seed: UInt64 = 0,
    on team: ReplicaTeam
  ) throws -> LogisticRegression {
    try x.check("logistic regression", labels: labels, classes: classes)
    let fold = try Folds.chosen(folds, labels, seed: seed, "logistic regression")
    let part = Folds.part(labels, limit: LinearProblem.limit, seed: seed)
    let own = part.map { labels[$0] }
    let problem = try LinearProblem(part.count == x.rows ? x : x.selecting(part), on: team)
    let ownFolds = part.map { fold[$0] }
    var best: (strength: Double, loss: Double)?
    if Folds.canHold(ownFolds) {
      let folds = Folds(ownFolds)
      let losses = try team.map(folds.held.count) { index in
        heldOut(problem, own, classes, kept: folds.kept[index], held: folds.held[index])
      }
      for (index, strength) in strengths.enumerated().reversed() {
        let loss = losses.reduce(0) { $0 + $1[index] }
        if loss < best?.loss ?? .infinity { best = (strength, loss) }
      }
    }
    let penalty = (best?.strength ?? middle) * problem.scale
    let solver = solver(problem, own, classes, Array(own.indices))
    let found = solver.fit(penalty, from: solver.origin(), limit: whole)
    let weights = solver.isDual ? problem.weights(overRows: found.coefficients) : found.coefficients
    return LogisticRegression(
      linear: problem.scores(weights: weights, bias: found.offsets), strength: penalty)
  }

  private static func solver(
    _ problem: LinearProblem, _ labels: [Int], _ classes: Int, _ rows: [Int]
  ) -> LogisticProblem {
    LogisticProblem(
      design: problem.kernel.map { LinearProblem.kernelTensor($0, rows, rows) } ?? problem.tensor(rows),
      isDual: problem.kernel != nil, labels: rows.map { labels[$0] }, classes: classes, scale: problem.scale)
  }

  /// Cross-entropy of the rows held out, for each strength: from the strongest down, each beginning where the last ended.
  private static func heldOut(
    _ problem: LinearProblem, _ labels: [Int], _ classes: Int, kept: [Int], held: [Int]
  ) -> [Double] {
    let solver = solver(problem, labels, classes, kept)
    let features = problem.kernel.map { LinearProblem.kernelTensor($0, held, kept) } ?? problem.tensor(held)
    var losses = [Double](repeating: 0, count: strengths.count)
    var point = solver.origin()
    for index in strengths.indices.reversed() {
      point = solver.fit(strengths[index] * problem.scale, from: point, limit: rough)
      let weights = Tensor(point.coefficients, shape: [classes, features.shape[1]])
      let scores = Tape(.inference).matmul(features, weights, transposeB: true).floats()
      for (place, row) in held.enumerated() {
        let own = (0..<classes).map { Double(scores[place * classes + $0]) + point.offsets[$0] }
        let largest = own.max() ?? 0
        let sum = own.reduce(0) { $0 + exp($1 - largest) }
        // A class that the fold has never seen would else decide alone.
        losses[index] += min(log(1e12), log(sum) + largest - own[labels[row]])
      }
    }
    return losses
  }

  /// Probabilities of the classes.
  /// - Parameter row: as many features as `columns`.
  public func probabilities(_ row: UnsafeBufferPointer<Float>) -> [Float] {
    linear.probabilities(row, temperature: 1)
  }

  /// Probabilities for a row as it is, then once with each of its parts taken from another row; see `LinearScores`.
  /// - Parameters:
  ///   - other: of the same length, what stands in a part's place.
  ///   - parts: how many equal stretches the columns are divided into.
  public func probabilities(
    _ row: UnsafeBufferPointer<Float>, other: UnsafeBufferPointer<Float>, parts: Int
  ) -> [[Float]] {
    linear.scores(row, other: other, parts: parts).map { LinearScores.probabilities($0, temperature: 1) }
  }

  /// As `probabilities(_:)`, for a row in an array.
  public func probabilities(_ row: ArraySlice<Float>) -> [Float] {
    row.withUnsafeBufferPointer(probabilities)
  }

  init(linear: LinearScores, strength: Double) { (self.linear, self.strength) = (linear, strength) }

  /// `weights` `[classes, columns]`, `bias` `[classes]`, `strength` `[1]`.
  public func tensors() -> [String: Tensor] {
    linear.tensors().merging(["strength": Tensor([Float(strength)], shape: [1])]) { $1 }
  }

  /// Reads what `tensors()` gave.
  /// - Throws: `TrainingError` for a tensor that is missing, of another shape, or no finite numbers.
  public init(tensors: [String: Tensor]) throws {
    let stored = Stored(learner: "logistic regression", tensors: tensors)
    self.init(linear: try LinearScores(stored), strength: try stored.positive("strength"))
  }
}
