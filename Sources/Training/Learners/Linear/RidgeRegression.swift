import Tensors

/// Ridge regression of one number, its strength chosen among ten by the squared error on rows held out.
///
/// Where there are no more rows than columns the dual form is solved; beyond 4,000 columns and 4,000 rows a random part
/// of 4,000.
///
/// Source: Hoerl and Kennard, Ridge regression, Technometrics 12, 1970.
public struct RidgeRegression: Sendable {
  let linear: LinearScores
  /// Penalty on the squared weights.
  public let strength: Double
  /// Features of a row.
  public var columns: Int { linear.columns }

  /// - Parameters:
  ///   - targets: of each row.
  ///   - folds: of each row, rows of one fold being held out together; nil for five random ones. With a single fold
  ///     nothing can be held out: the middle strength.
  ///   - seed: of the folds made here.
  /// - Throws: `TrainingError` for no rows or columns, or a target that is no finite number.
  public static func fit(
    _ x: FeatureMatrix, targets: [Float], folds: [Int]? = nil, seed: UInt64 = 0, on team: ReplicaTeam
  ) throws -> RidgeRegression {
    try x.check("ridge regression", targets: targets)
    let same = [Int](repeating: 0, count: x.rows)
    let fold = try Folds.chosen(folds, same, seed: seed, "ridge regression")
    let part = LinearProblem.part(rows: x.rows, columns: x.columns, labels: same, seed: seed)
    let own = part.map { targets[$0] }
    let problem = try RidgeProblem(
      LinearProblem(part.count == x.rows ? x : x.selecting(part), on: team), targets: own, answers: 1,
      on: team)
    var best: (strength: Double, error: Double)?
    if Folds.canHold(part.map { fold[$0] }) {
      let held = try problem.heldOut(Folds(part.map { fold[$0] }), on: team)
      // From the strongest down, so that of equals the strongest stays.
      for (index, scores) in held.enumerated().reversed() {
        guard let scores else { continue }
        let error = zip(scores, own).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        if error < best?.error ?? .infinity { best = (RidgeProblem.strengths[index], error) }
      }
    }
    let (linear, penalty) = try problem.fit(best?.strength ?? RidgeProblem.middle, on: team)
    return RidgeRegression(linear: linear, strength: penalty)
  }

  /// The number that is expected for one row.
  /// - Parameter row: as many features as `columns`.
  public func value(_ row: UnsafeBufferPointer<Float>) -> Float { linear.scores(row)[0] }

  /// As `value(_:)`, for a row in an array.
  public func value(_ row: ArraySlice<Float>) -> Float { row.withUnsafeBufferPointer(value) }

  init(linear: LinearScores, strength: Double) { (self.linear, self.strength) = (linear, strength) }

  /// `weights` `[1, columns]`, `bias` `[1]`, `strength` `[1]`.
  public func tensors() -> [String: Tensor] {
    linear.tensors().merging(["strength": Tensor([Float(strength)], shape: [1])]) { $1 }
  }

  /// Reads what `tensors()` gave.
  /// - Throws: `TrainingError` for a tensor that is missing, of another shape, or no finite numbers.
  public init(tensors: [String: Tensor]) throws {
    let stored = Stored(learner: "ridge regression", tensors: tensors)
    self.init(linear: try LinearScores(stored, answers: 1), strength: try stored.positive("strength"))
  }
}
